from django.db import migrations

from dure.store.search import index_beginnings


class Migration(migrations.Migration):

    dependencies = [("challenges", "0018_public_attempts")]

    operations = [index_beginnings("challenges_entrant")]
