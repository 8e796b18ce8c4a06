"""Two entrants of a task become one: attempts of both are its own, quotas are added up, the best of both counts."""

from django.db import transaction
from django.db.models import F, ProtectedError

from dure.audit.operations import record
from dure.challenges.events import EntrantsMerged, SubmissionChosen
from dure.challenges.models import Best, Departed, Entrant, EntrantMember, Quota, Submission
from dure.challenges.operations.judging import board_changed, take_place
from dure.challenges.queries.merging import outlook
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text


@transaction.atomic
def merge_entrants(into: Entrant, gone: Entrant) -> Entrant:
    """Let ``into`` have everything of ``gone``, which is no more; who is in both teams has agreed.

    Raises Refused("merge.unjudged") while an attempt of theirs is being judged, ("merge.quota") where together they
    have used more attempts than one team could have by now, ("merge.held") where something holds ``gone``.
    """
    for pk in sorted((into.pk, gone.pk)):  # nothing is submitted for either before this is through
        Entrant.objects.filter(pk=pk).update(attempts=F("attempts"))
    for entrant in (into, gone):
        entrant.refresh_from_db()
    _check(into, gone)
    told = {"gone": gone.pk, "title": gone.title, "attempts": gone.attempts}
    leading = Best.objects.filter(entrant=gone).values_list("best", flat=True).first()
    Best.objects.filter(entrant=gone).delete()
    _move(into, gone)
    publish(EntrantsMerged(into.pk, gone.pk))
    try:
        gone.delete()
    except ProtectedError:
        raise _held() from None
    if leading:
        take_place(Submission.objects.select_related("entrant__task").get(pk=leading))
    board_changed(into.task)
    record("entrant.merged", into, after=told)
    if best := Best.objects.filter(entrant=into).first():
        publish(SubmissionChosen(into.pk, best.counting_id))
    return into


def _check(into: Entrant, gone: Entrant) -> None:
    seen = outlook(into, gone)
    if seen.unjudged:
        sentence = Text(
            ko="채점 중인 제출이 {n}건 있습니다. 채점이 끝난 뒤 합치세요.",
            en="{n} attempts are being judged. Merge when they have their verdicts.",
        )
        raise Refused("merge.unjudged", sentence.format(n=seen.unjudged), unjudged=seen.unjudged)
    if seen.of is not None and seen.used > seen.of:
        sentence = Text(
            ko="두 팀이 지금까지 {used}회 제출했습니다. 한 팀이었다면 {of}회까지 가능했으므로 합칠 수 없습니다.",
            en="The two have used {used} attempts. One team would have had {of} by now, so they cannot merge.",
        )
        raise Refused("merge.quota", sentence.format(used=seen.used, of=seen.of), used=seen.used, of=seen.of)


def _move(into: Entrant, gone: Entrant) -> None:
    """Attempts are numbered on; what was used on a day, or in all, adds up."""
    Submission.objects.filter(entrant=gone).update(entrant=into, number=F("number") + into.attempts)
    Entrant.objects.filter(pk=into.pk).update(attempts=F("attempts") + gone.attempts)
    for quota in Quota.objects.filter(entrant=gone):
        Quota.objects.get_or_create(entrant=into, period=quota.period)
        Quota.objects.filter(entrant=into, period=quota.period).update(used=F("used") + quota.used)
    EntrantMember.objects.filter(entrant=gone).update(entrant=into)
    Departed.objects.filter(entrant=gone).update(entrant=into)


def _held() -> Refused:
    sentence = Text(
        ko="주최자가 검토 중인 내용이 있는 팀은 합칠 수 없습니다. 주최자에게 문의하세요.",
        en="A team that the organisers are looking into cannot merge. Ask them.",
    )
    return Refused("merge.held", sentence)
