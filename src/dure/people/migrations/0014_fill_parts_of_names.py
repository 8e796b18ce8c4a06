from django.db import migrations

from dure.core.hangul import endings
from dure.store.chunks import chunked

LONGEST = 60


def fill(apps, _editor):
    parts, people = apps.get_model("people", "NamePart").objects, apps.get_model("people", "Person").objects
    for some in chunked(people.order_by("pk").values_list("pk", "name_key").iterator()):
        found = {(person, ending[:LONGEST]): None for person, key in some for ending in endings(key)}
        parts.bulk_create((parts.model(person_id=person, part=part) for person, part in found), batch_size=1_000)


class Migration(migrations.Migration):

    dependencies = [("people", "0013_parts_of_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
