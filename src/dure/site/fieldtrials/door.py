"""Who comes to a field trial: those who run its round, the service's owner, and those whose model it is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from dure.challenges.models import FieldTrial, Round
from dure.challenges.queries.fieldtrials import field_trials, trials_of, trials_owned_by, trials_shared_with
from dure.challenges.rules import may_see_field_trial, may_see_own_field_trial, owns_field_trial
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.running import let_organise, runs
from dure.people.models import Person
from dure.site import words
from dure.site.desk.rounds.framed import framed
from dure.site.visitors import person_of
from dure.store.worded import found

_NONE = Text(
    ko="찾으시는 현장 시험이 없습니다. 라운드의 현장 시험 목록에서 다시 찾아보세요.",
    en="There is no such field trial. Look for it in the list of the round.",
)


@dataclass(frozen=True)
class Visit:
    """Somebody at a round's field trials, or at one of them. ``runs``: they run the round; ``owns``: the service is
    theirs. Who does neither reads the summary of their own."""

    person: Person
    round: Round
    runs: bool
    trial: FieldTrial | None = None
    owns: bool = False

    @property
    def sees_all(self) -> bool:
        return self.runs or self.owns

    def seen(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows above."""
        told = {"runs": self.runs, "owns": self.owns, "sees_all": self.sees_all, "trial": self.trial}
        if self.runs:
            return {**framed(request, self.round, "field"), **told}
        title = words.say(self.round.title)
        return {"frame": "fieldtrials/frame.html", "round": self.round, "title": title, **told}


def at_round(request: HttpRequest, round_id: UUID) -> tuple[Visit, list[FieldTrial]]:
    """The trials of a round that the visitor may see. Raises Missing for who runs it not and has none."""
    person, round_ = person_of(request), next(iter(found(_round, round_id)), None)
    if round_ is None:
        raise Missing("field.missing", _NONE)
    if runs(person, round_):
        return Visit(person, round_, runs=True), found(trials_of, round_.pk)
    own = trials_owned_by(person).filter(round=round_)
    trials = {trial.pk: trial for trial in (*own, *trials_shared_with(person, round_))}
    if not trials:
        raise Missing("field.missing", _NONE)
    return Visit(person, round_, runs=False), sorted(trials.values(), key=lambda trial: trial.pk, reverse=True)


def _round(round_id: UUID) -> "QuerySet[Round]":
    return Round.objects.filter(pk=round_id)


def at_trial(request: HttpRequest, round_id: UUID, field_id: UUID) -> Visit:
    """A trial that the visitor may see, all of it or its summary. Raises Missing."""
    person = person_of(request)
    trial = next(iter(found(_trial, field_id, round_id)), None)
    if trial is None:
        raise Missing("field.missing", _NONE)
    is_runner = runs(person, trial.round)
    if not (is_runner or may_see_field_trial(person, trial) or may_see_own_field_trial(person, trial)):
        raise Missing("field.missing", _NONE)
    return Visit(person, trial.round, is_runner, trial, owns_field_trial(person, trial))


def _trial(field_id: UUID, round_id: UUID) -> "QuerySet[FieldTrial]":
    return field_trials().filter(pk=field_id, round=round_id)


def whole(request: HttpRequest, round_id: UUID, field_id: UUID) -> tuple[Visit, FieldTrial]:
    """One of which the visitor may see everything. Raises Missing."""
    visit = at_trial(request, round_id, field_id)
    if visit.trial is None or not visit.sees_all:
        raise Missing("field.missing", _NONE)
    return visit, visit.trial


def run_by(request: HttpRequest, round_id: UUID, field_id: UUID) -> FieldTrial:
    """One whose round the visitor runs, for changing it. Raises Missing."""
    visit, trial = whole(request, round_id, field_id)
    if not visit.runs:
        raise Missing("field.missing", _NONE)
    let_organise(visit.person, trial.round)
    return trial


def owned_by(request: HttpRequest, round_id: UUID, field_id: UUID) -> FieldTrial:
    """One beside a service of the visitor's. Raises Missing."""
    visit, trial = whole(request, round_id, field_id)
    if not visit.owns:
        raise Missing("field.missing", _NONE)
    return trial
