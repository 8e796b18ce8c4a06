"""Who is banned from a round may appeal once; of those that hold already, for a week from now."""

from datetime import timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dure.core.clock

STATES = [("standing", "Standing"), ("appealed", "Appealed"), ("upheld", "Upheld"), ("lifted", "Lifted")]


def in_a_week():
    return dure.core.clock.now() + timedelta(days=7)


def tell_lifted(apps, _schema_editor):
    """Those that ended by themselves were never lifted."""
    bans = apps.get_model("challenges", "Ban").objects.exclude(lifted_at=None)
    bans.exclude(until=models.F("lifted_at")).update(state="lifted", ended_at=models.F("lifted_at"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("challenges", "0013_field_totals"),
    ]

    operations = [
        migrations.AddField(
            model_name="ban",
            name="appeal_until",
            field=models.DateTimeField(default=in_a_week),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="ban",
            name="state",
            field=models.CharField(choices=STATES, default="standing", max_length=8),
        ),
        migrations.AddField(
            model_name="ban",
            name="appeal",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="ban",
            name="appeal_file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="challenges.upload"
            ),
        ),
        migrations.AddField(
            model_name="ban",
            name="appealed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ban",
            name="appealed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="ban",
            name="answer_ko",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="ban",
            name="answer_en",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="ban",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ban",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(tell_lifted, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="ban",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["standing", "appealed", "upheld", "lifted"])), name="ban_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="ban",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["appealed", "upheld"]), _negated=True),
                    ("appealed_at__isnull", False),
                    _connector="OR",
                ),
                name="ban_appeal_was_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="ban",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "lifted"), _negated=True), ("lifted_at__isnull", False), _connector="OR"
                ),
                name="lifted_ban_is_over",
            ),
        ),
    ]
