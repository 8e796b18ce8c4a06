"""A field trial taken out: every request as CSV, the comparison as JSON. Each leaves a row in the log."""

import json
from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.audit.operations import record
from dure.challenges.models import FieldTrial
from dure.challenges.queries.fieldtrials import comparison, every_request
from dure.joints.sheets import csv_pieces
from dure.joints.sheets.cells import Cell
from dure.site.desk.batches import streamed
from dure.site.fieldtrials.door import whole


@login_required
@require_safe
def requests_file(request: HttpRequest, round_id: UUID, field_id: UUID) -> StreamingHttpResponse:
    """Every request that was tried; what it was is left out once its days are over."""
    _, trial = whole(request, round_id, field_id)
    record("field-trial.taken", trial, after={"what": "requests"})
    header = ["id", gettext("When"), gettext("Cause"), gettext("Model"), gettext("Service"), gettext("Truth"),
              gettext("Agrees"), gettext("Model is right"), gettext("Service is right"), gettext("Model, ms"),
              gettext("Service, ms"), gettext("What was asked")]  # fmt: skip
    return streamed(csv_pieces(header, _lines(trial)), f"field-trial-{trial.pk}.csv")


@login_required
@require_safe
def comparison_file(request: HttpRequest, round_id: UUID, field_id: UUID) -> JsonResponse:
    """All numbers, by day and in all."""
    _, trial = whole(request, round_id, field_id)
    record("field-trial.taken", trial, after={"what": "comparison"})
    answer = JsonResponse(comparison(trial), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="field-trial-{trial.pk}.json"'
    return answer


def _lines(trial: FieldTrial) -> Iterator[list[Cell]]:
    for row in every_request(trial):
        yield [
            row.name, row.at, row.cause, *map(_joined, (row.answer, row.service_answer, row.truth)), row.agrees,
            row.right, row.service_right, row.ms, row.service_ms,
            json.dumps(row.asked, ensure_ascii=False) if row.kept else "",
        ]  # fmt: skip


def _joined(cells: list[str] | None) -> str:
    return "; ".join(cells or [])
