"""Where the curriculum lags: providers are asked to teach what is asked for more and more and nothing listed teaches.

The rule (docs/explanation/curriculum-lag.md) in one sentence: a skill that ``skills.queries.rising`` names and that no
listed item teaches opens one task, for the provider that is nearest to it, unless one was closed lately.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.learning.models import (
    REVISION_MOVES,
    Closing,
    Item,
    ItemSkill,
    Provider,
    RevisionState,
    RevisionTask,
)
from dure.people.days import today
from dure.people.models import Membership, NoticeKind, Person, Role
from dure.people.operations.notices import tell
from dure.skills.models import Skill
from dure.skills.queries import rising
from dure.skills.queries.demand import Rise
from dure.store.models import move

QUIET = timedelta(days=90)  # after one was closed
MOST_WORDS = 1000
_WORDS = Text(ko="무엇을 할지, 또는 왜 하지 않는지 적으세요.", en="Write what you will do, or why you will not.")
_ASKED = Text(
    ko="수요가 늘고 있지만 가르치는 항목이 없는 역량이 있습니다: {skill}",
    en="More and more people need a skill that nothing here teaches: {skill}",
)


def look_for_lag(*, on: date) -> int:
    """Close what is taught by now, open what the rule asks for; how many were opened."""
    close_taught()
    rises = rising(on=on)
    taught = set(ItemSkill.objects.filter(item__retired_at=None).values_list("skill", flat=True))
    lately = RevisionTask.objects.filter(closed_at__gt=clock.now() - QUIET).values_list("skill", flat=True)
    asked = {*lately, *_standing().values_list("skill", flat=True)}
    return sum(_open(rise, on=on) for rise in rises if rise.skill.pk not in taught | asked)


@transaction.atomic
def _open(rise: Rise, *, on: date) -> bool:
    provider = nearest(rise.skill)
    if provider is None:
        return False
    counts = {"before": round(rise.before * 1000), "lately": round(rise.lately * 1000)}
    try:
        with transaction.atomic():
            task = RevisionTask.objects.create(skill=rise.skill, provider=provider, opened_on=on, **counts)
    except IntegrityError:  # another worker was faster
        return False
    record("revision.opened", task, after={"skill": rise.skill.code, "provider": provider.key, **counts})
    asked = _ASKED.format(skill=rise.skill.name)
    tell(_curators(provider), kind=NoticeKind.OPENED, text=asked, path=f"/learn/revisions/{task.pk}/")
    return True


def nearest(skill: Skill) -> Provider | None:
    """Whose it is to teach a skill: who taught it last; else who teaches most of its group, else most at all."""
    last = Item.objects.filter(teaches__skill=skill, retired_at__isnull=False).order_by("-retired_at").first()
    if last is not None:
        return last.provider
    listed = Item.objects.filter(retired_at=None)
    group = listed.filter(teaches__skill__broader=skill.broader_id) if skill.broader_id else listed.none()
    return _most(group) or _most(listed)


def _most(items: "QuerySet[Item]") -> Provider | None:
    rows = items.order_by().values("provider").annotate(n=Count("pk", distinct=True)).order_by("-n", "provider__key")
    first = rows.first()
    return Provider.objects.get(pk=first["provider"]) if first else None


def _curators(provider: Provider) -> set[UUID]:
    """Who looks after it: its curators and, where there are none, the administrators of its organisation."""
    named = set(provider.curators.values_list("pk", flat=True))
    admins = Membership.objects.on(today()).filter(organisation=provider.organisation_id, role=Role.ADMIN)
    return named or set(admins.values_list("person", flat=True))


def close_taught() -> int:
    """Close every task whose skill something listed teaches now; how many."""
    teaching = ItemSkill.objects.filter(skill=OuterRef("skill"), item__retired_at=None)
    tasks = list(_standing().filter(Exists(teaching)).select_related("skill"))
    for task in tasks:
        first = ItemSkill.objects.filter(skill=task.skill_id, item__retired_at=None).order_by("-level", "pk")[0]
        _close(task, Closing.TAUGHT, item_id=first.item_id)
    return len(tasks)


@transaction.atomic
def answer(task: RevisionTask, *, by: Person, text: str) -> RevisionTask:
    """Say what the provider will do. Raises Flawed("revision.words"), Refused("state.move" or "state.changed")."""
    told: dict[str, Any] = {"answer": _words(text), "answered_by": by, "answered_at": clock.now()}
    move(task, RevisionState.ANSWERED, by=REVISION_MOVES, **told)
    record("revision.answered", task, after={"answer": told["answer"]})
    return task


@transaction.atomic
def decline(task: RevisionTask, *, by: Person, text: str) -> RevisionTask:
    """Say that the provider will not teach it, and why. Raises as ``answer``."""
    return _close(task, Closing.DECLINED, answer=_words(text), answered_by=by, answered_at=clock.now())


@transaction.atomic
def _close(task: RevisionTask, why: Closing, **told: Any) -> RevisionTask:
    move(task, RevisionState.CLOSED, by=REVISION_MOVES, closing=why, closed_at=clock.now(), **told)
    record("revision.closed", task, after={"closing": why, "answer": task.answer})
    return task


def _standing() -> "QuerySet[RevisionTask]":
    return RevisionTask.objects.exclude(state=RevisionState.CLOSED)


def _words(text: str) -> str:
    plain = text.strip()[:MOST_WORDS]
    if not plain:
        raise Flawed("revision.words", _WORDS)
    return plain
