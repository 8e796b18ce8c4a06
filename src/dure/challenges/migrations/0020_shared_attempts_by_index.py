from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("challenges", "0019_entrants_by_their_beginning")]

    operations = [
        migrations.RemoveIndex(model_name="submission", name="submission_shared"),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("shared_in__isnull", False)),
                fields=["shared_in", "-received_at", "-id", "state", "entrant"],
                name="submission_shared",
            ),
        ),
    ]
