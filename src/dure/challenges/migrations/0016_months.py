"""Attempts are counted by the month as well: what each entrant used on the days of one adds up."""

from django.db import migrations
from django.db.models import Sum
from django.db.models.functions import Length, Substr

AT_ONCE = 1_000


def add_up(apps, _schema_editor):
    quotas = apps.get_model("challenges", "Quota").objects
    days = quotas.annotate(length=Length("period")).filter(length=10).order_by()
    months = days.annotate(month=Substr("period", 1, 7)).values_list("entrant", "month").annotate(n=Sum("used"))
    model = quotas.model
    made = [model(entrant_id=entrant, period=month, used=used) for entrant, month, used in months]
    quotas.bulk_create(made, batch_size=AT_ONCE)


def forget(apps, _schema_editor):
    apps.get_model("challenges", "Quota").objects.annotate(length=Length("period")).filter(length=7).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('challenges', '0015_asked_and_shared'),
    ]

    operations = [migrations.RunPython(add_up, forget)]
