"""Attempts that were chosen become rows of their own."""

from django.db import migrations


def write_choices(apps, _schema_editor):
    best = apps.get_model("challenges", "Best")
    selected = apps.get_model("challenges", "Selected")
    chosen = best.objects.filter(chosen=True).values_list("entrant", "counting").iterator()
    rows = (selected(entrant_id=entrant, submission_id=counting, slot=0) for entrant, counting in chosen)
    selected.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("challenges", "0009_policy_and_verification")]
    operations = [migrations.RunPython(write_choices, migrations.RunPython.noop)]
