"""An attempt that is public names its task, so that a task's public attempts are found without looking at all others."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_tasks(apps, _schema_editor):
    task = apps.get_model("challenges", "Entrant").objects.filter(pk=OuterRef("entrant")).values("task")
    apps.get_model("challenges", "Submission").objects.filter(is_public=True).update(shared_in=Subquery(task))


def say_public(apps, _schema_editor):
    apps.get_model("challenges", "Submission").objects.filter(shared_in__isnull=False).update(is_public=True)


class Migration(migrations.Migration):

    dependencies = [
        ('challenges', '0016_months'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='submission', name='submission_public'),
        migrations.AddField(
            model_name='submission',
            name='shared_in',
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+',
                to='challenges.task',
            ),
        ),
        migrations.RunPython(name_tasks, say_public),
    ]
