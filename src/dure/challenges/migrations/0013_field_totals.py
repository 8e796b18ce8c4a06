"""Field trials keep their numbers in all, and of each day what a chart shows."""

from collections import Counter
from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models


COUNTS = ("tried", "failed", "compared", "agreed", "judged", "right", "service_judged", "service_right")
SUMS, TIMES = ("gap", "error", "service_error"), ("ms", "service_ms", "causes")


def add_up(apps, _schema_editor):
    days = apps.get_model("challenges", "FieldDay").objects
    totals = apps.get_model("challenges", "FieldTotal").objects
    for trial in days.order_by("trial").values_list("trial", flat=True).distinct():
        of_trial = list(days.filter(trial=trial))
        for day in of_trial:
            days.filter(pk=day.pk).update(brief=brief(day.tally))
        told = [day.tally for day in of_trial]
        totals.create(trial_id=trial, tally={
            **{name: sum(one[name] for one in told) for name in COUNTS},
            **{name: str(sum((Decimal(one[name]) for one in told), Decimal(0))) for name in SUMS},
            **{name: sum((Counter(one[name]) for one in told), Counter()) for name in TIMES},
        })


def brief(tally):
    counts = {name: tally[name] for name in COUNTS}
    return {**counts, "slow": percentile(tally["ms"]), "service_slow": percentile(tally["service_ms"])}


def percentile(times):
    wanted = -(-sum(times.values()) * 95 // 100)
    for ms in sorted(times, key=int):
        wanted -= times[ms]
        if wanted <= 0:
            return int(ms)
    return None


class Migration(migrations.Migration):

    dependencies = [
        ('challenges', '0012_carry_over'),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldTotal',
            fields=[
                ('trial', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='challenges.fieldtrial')),
                ('tally', models.JSONField()),
            ],
        ),
        migrations.AddField(
            model_name='fieldday',
            name='brief',
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop),
    ]
