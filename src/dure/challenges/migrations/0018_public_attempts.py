"""That an attempt is public is said once: by the task that it names."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('challenges', '0017_shared_attempts'),
    ]

    operations = [
        migrations.RemoveField(model_name='submission', name='is_public'),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(
                fields=['shared_in', '-received_at', '-id'], condition=models.Q(('shared_in__isnull', False)),
                name='submission_shared',
            ),
        ),
    ]
