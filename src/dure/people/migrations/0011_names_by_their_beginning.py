from django.db import migrations

from dure.store.search import index_beginnings


class Migration(migrations.Migration):

    dependencies = [("people", "0010_notices_of_credentials")]

    operations = [index_beginnings("people_person")]
