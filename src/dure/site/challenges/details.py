"""The page that a scorer wrote of a submission: somebody else's HTML, so it runs nothing and knows nobody here.

Where a second origin is set, it is shown there by an address that holds for minutes; else it is a download.
"""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from dure.challenges import files
from dure.challenges.models import Submission, Upload
from dure.challenges.queries import attempt
from dure.core.errors import Missing
from dure.core.text import Text
from dure.site.visitors import person_of

SECONDS = 600
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_signer = TimestampSigner(salt="challenges.details")
_NONE = Text(
    ko="상세 결과가 없거나 주소의 유효 시간이 지났습니다. 제출 화면에서 다시 여세요.",
    en="There are no detailed results, or this address has expired. Open them from the attempt's page again.",
)


@login_required
@require_safe
def show(request: HttpRequest, submission_id: UUID) -> HttpResponseBase:
    """To the second origin, or as a download."""
    rows = Submission.objects.select_related("entrant__task__round", "details")
    submission = rows.filter(pk=submission_id).first()
    page = attempt(submission, viewer=person_of(request)).details if submission else None
    if page is None:
        raise Missing("details.missing", _NONE)
    if settings.DETAILS_ORIGIN:
        return redirect(settings.DETAILS_ORIGIN + reverse("details-page", args=[_signer.sign(page.pk.hex)]))
    return _answer(page, download=True)


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page itself, on the second origin only: no visitor is known there, the address vouches."""
    try:
        name = _signer.unsign(token, max_age=SECONDS)
    except BadSignature:
        raise Missing("details.missing", _NONE) from None
    if not settings.DETAILS_ORIGIN or f"{request.scheme}://{request.get_host()}" != settings.DETAILS_ORIGIN:
        raise Missing("details.missing", _NONE)
    return _answer(Upload.objects.get(pk=UUID(hex=name)), download=False)


def _answer(page: Upload, *, download: bool) -> FileResponse:
    answer = FileResponse(
        files.path_of(page).open("rb"), as_attachment=download, filename="detailed_results.html",
        content_type="text/html; charset=utf-8",
    )  # fmt: skip
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
