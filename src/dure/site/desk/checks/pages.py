"""What organisers check before they settle: finalists run again, and code that entrants have in common."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.challenges.models import UNVERIFIED, SimilarPair, Submission, Task, Verification, VerificationState
from dure.challenges.operations.similarity import compare_code
from dure.challenges.operations.verification import accept_differing, verify_again, verify_finalists
from dure.challenges.queries.verification import finalists, latest_similarity
from dure.challenges.similarity import code_of
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.site import words
from dure.site.challenges.tasks import title_of
from dure.site.desk.rounds.door import round_at
from dure.site.visitors import person_of

ACCEPTABLE = (VerificationState.DIFFERS, VerificationState.FAILED)
Line = tuple[str, bool]
_GONE = Text(
    ko="찾으시는 내용이 없습니다. 그 사이 다시 비교하거나 검증했을 수 있습니다.",
    en="This is not here. It may have been compared or verified anew meanwhile.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_finalists(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The first places of each task and whether they were reproduced; POST has those run again that were not yet."""
    place = round_at(request, slug, stage)
    if request.method == "POST":
        asked = verify_finalists(place.round)
        said = ngettext("%(n)d attempt is run again.", "%(n)d attempts are run again.", asked) % {"n": asked}
        messages.success(request, said if asked else gettext("All of them have been asked for already."))
        return redirect("desk-finalists", slug, stage)
    found = [(task, title_of(task), finalists(task)) for task in place.tasks]
    return render(request, "desk/checks/finalists.html", {**place.seen("finalists"), "finalists": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_finalist(request: HttpRequest, slug: str, stage: str, verification_id: UUID) -> HttpResponse:
    """Both runs of one attempt beside each other; POST runs it once more, or lets the first score hold."""
    place, wrong = round_at(request, slug, stage), ""
    rows = Verification.objects.select_related("submission__entrant__task__round", "accepted_by")
    found = rows.filter(pk=verification_id, submission__entrant__task__in=place.tasks).first()
    if found is None:
        raise Missing("verification.missing", _GONE)
    if request.method == "POST":
        try:
            _act(request, found)
            return redirect("desk-finalist", slug, stage, found.pk)
        except Flawed as flawed:
            wrong = words.say(flawed.text)
    seen = {
        **place.seen("finalists"), "found": found, "attempt": found.submission, "both": _both(found), "wrong": wrong,
        "is_ended": found.state not in UNVERIFIED, "is_acceptable": found.state in ACCEPTABLE,
    }  # fmt: skip
    return render(request, "desk/checks/finalist.html", seen, status=422 if wrong else 200)


def _act(request: HttpRequest, found: Verification) -> None:
    if request.POST.get("act") == "accept":
        accept_differing(found, by=person_of(request), reason=request.POST.get("reason", ""))
        messages.success(request, gettext("The first score holds."))
    else:
        verify_again(found)
        messages.success(request, gettext("It is run again."))


def _both(found: Verification) -> list[tuple[str, object, object]]:
    """What there is of the two runs, line by line."""
    names = {
        "public_score": gettext("Public score"), "final_score": gettext("Final score"),
        "code_sha256": gettext("Code (SHA-256)"), "inputs_sha256": gettext("Inputs (SHA-256)"),
        "environment_digest": gettext("Environment"), "seed": gettext("Seed"), "seconds": gettext("Seconds"),
    }  # fmt: skip
    before = found.submission
    lines = [(title, getattr(before, name), getattr(found, name)) for name, title in names.items()]
    return [*lines, (gettext("Worker"), found.first_worker, found.worker)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_similarity(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The pairs of each task, the most alike first; POST compares a ``task`` anew."""
    place = round_at(request, slug, stage)
    if request.method == "POST":
        task = next((one for one in place.tasks if str(one.pk) == request.POST.get("task")), None)
        if task is None:
            raise Missing("similarity.missing", _GONE)
        compare_code(task, by=person_of(request))
        return redirect("desk-similarity", slug, stage)
    found = [(task, title_of(task), *_compared(task)) for task in place.tasks]
    return render(request, "desk/checks/similarity.html", {**place.seen("similarity"), "compared": found})


def _compared(task: Task) -> tuple[object, list[SimilarPair]]:
    run = latest_similarity(task)
    if run is None:
        return None, []
    rows = run.pairs.select_related("first__entrant", "second__entrant").defer("matches")
    return run, list(rows.order_by("-share", "pk"))


@login_required
@require_safe
def show_pair(request: HttpRequest, slug: str, stage: str, pair_id: UUID) -> HttpResponse:
    """The code of two entrants beside each other, the lines that they have in common marked."""
    place = round_at(request, slug, stage)
    rows = SimilarPair.objects.select_related("first__entrant", "first__upload", "second__entrant", "second__upload")
    pair = rows.filter(pk=pair_id, run__task__in=place.tasks).first()
    if pair is None:
        raise Missing("similarity.missing", _GONE)
    seen = {**place.seen("similarity"), "pair": pair, "matches": _matches(pair), "share": round(100 * pair.share)}
    return render(request, "desk/checks/pair.html", seen)


def _matches(pair: SimilarPair) -> list[list[tuple[str, Submission, str, list[Line]]]]:
    """For each two files that match: whose, which, and their lines with whether they are in common."""
    texts = {"first": code_of(pair.first), "second": code_of(pair.second)}
    sides = (("first", "here", pair.first), ("second", "there", pair.second))
    return [
        [
            (one.entrant.title, one, match[side], _marked(texts[side].get(match[side], ""), match[lines]))
            for side, lines, one in sides
        ]
        for match in pair.matches
    ]


def _marked(text: str, spans: Iterable[list[int]]) -> list[Line]:
    common = {line for first, last in spans for line in range(first, last + 1)}
    return [(line, number in common) for number, line in enumerate(text.split("\n"), 1)]
