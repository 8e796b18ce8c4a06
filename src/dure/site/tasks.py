"""What workers do for pages: the participants' table as a long workbook."""

from uuid import UUID

from django.http import QueryDict
from django.utils import translation

from dure.jobs.registry import Claim, Effect, long_task
from dure.joints.models import Batch
from dure.joints.sheets.batched import Rows, write_file
from dure.site.desk.cohort import WRITE, table_of
from dure.site.desk.filters import asked_of


@long_task(WRITE)
def write_participants(_claim: Claim, *, batch: str) -> Effect:
    """The table as its asker saw it: filter, columns and language."""
    row = Batch.objects.get(pk=batch)
    with translation.override(row.language):
        return write_file(UUID(batch), _rows)


def _rows(row: Batch) -> Rows:
    return table_of(row.programme, asked_of(row.programme, QueryDict(row.asked["query"])))
