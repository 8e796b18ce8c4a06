"""The form joint: a form is drawn from the blueprint, filled in by the turn's holders, and handed in as it is sent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from dure.applications.events import ApplicationSent
from dure.applications.models import Application, Attachment, Form, Receipt
from dure.applications.operations import Draft, Prefilled, keep_form, open_all, send, set_deadline
from dure.applications.queries import Download, download
from dure.applications.questions import YES_NO, Choice, Question, Wanted
from dure.blueprint.facts import profile_of
from dure.blueprint.model import Blueprint, FormDo, Stage, Subject
from dure.blueprint.model import Question as Asked
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.events import on
from dure.core.text import Text
from dure.joints.models import FormTurn
from dure.joints.stages.recorded import RecordedStage
from dure.joints.values import typed_values
from dure.people.models import Person, Source
from dure.people.operations import state_fact
from dure.people.queries import Known, history_of, known, known_of_organisations
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Member, Programme, Turn, TurnState
from dure.programmes.operations.handing import hand_in
from dure.programmes.queries.members import members_by_turn, turns_by_member
from dure.skills.operations import record
from dure.store.transactions import durable
from dure.store.worded import found

STATED = frozenset(profile_of(Subject.PERSON)) - {"age", "consent"}  # an age grows old; consent is never a form's
SOURCES: Mapping[str, Text] = {
    "asked": Text(ko="이전에 직접 답한 내용", en="what you answered before"),
    "register": Text(ko="기관 정보", en="the organisation's own entry"),
    "membership": Text(ko="소속 기관 정보", en="your membership of an organisation"),
    "birth-date": Text(ko="등록된 생년월일", en="your date of birth"),
    "credential": Text(ko="확인된 자격·증명", en="a verified credential"),
    "operator": Text(ko="운영자가 확인한 내용", en="what an operator has verified"),
}
EARLIER = Text(ko="이 프로그램의 ‘{stage}’ 단계에서 답한 내용", en="what was answered at the stage “{stage}”")
NO_FORM = Text(ko="아직 열리지 않은 신청서입니다.", en="This form has not opened yet.")
NOT_OPEN = Text(
    ko="이 신청서는 지금 고치거나 보낼 수 없습니다. ‘나의 참가’에서 진행 상황을 확인하세요.",
    en="This form cannot be changed or sent now. See under “My part” how it stands.",
)
TAKES = frozenset({TurnState.OPEN, TurnState.HANDED_IN})
NO_FILE = Text(ko="파일이 없거나 볼 수 없는 파일입니다.", en="There is no such file, or not for you to see.")


class FormStage(RecordedStage):
    """The holders fill in and send; whoever may record can still enter it for them (``record_evidence``)."""

    def open(self, turns: Sequence[Turn]) -> None:
        """A draft for each turn, with what is known already in it."""
        programme, stage = turns[0].programme, blueprint_of(turns[0].programme).stage(turns[0].stage)
        form = form_of(blueprint_of(programme), stage)
        members = members_by_turn(turns)
        filled = _prefilled(programme, stage, members)
        drafts = [Draft(_holders(members[turn.pk]), filled[turn.pk], turn.closes_at) for turn in turns]
        rows = [FormTurn(turn=t, application=a) for t, a in zip(turns, open_all(form, drafts), strict=True)]
        FormTurn.objects.bulk_create(rows, batch_size=1000)


def form_of(blueprint: Blueprint, stage: Stage) -> Form:
    """What ``stage`` asks, in the blueprint's words; everything is required."""
    do = stage.do if isinstance(stage.do, FormDo) else FormDo()
    questions = [_question(blueprint, asked) for asked in do.ask]
    return keep_form(questions, attachments=[Wanted(name, blueprint.word(name)) for name in do.attach])


def _question(blueprint: Blueprint, asked: Asked) -> Question:
    choices = tuple(Choice(choice, blueprint.word(choice)) for choice in asked.choices)
    return Question(asked.name, blueprint.word(asked.name), asked.type, YES_NO if asked.type == "yes-no" else choices)


def application_of(turn: Turn, *, by: Person) -> Application:
    """The turn's application, for whoever may see the turn, its deadline brought into line with the turn's window.

    Raises Missing where it has not opened or is not for ``by`` to know of.
    """
    row = next(iter(found(_form_turn, turn.pk)), None)
    if row is None or not rules.may_see(by, turn):
        raise Missing("application.none", NO_FORM)
    if row.application.closes_at != turn.closes_at:
        set_deadline(row.application, turn.closes_at)
    return row.application


def _form_turn(turn: UUID) -> "QuerySet[FormTurn]":
    return FormTurn.objects.filter(turn=turn).select_related("application__form")


def writable_application_of(turn: Turn, *, by: Person) -> Application:
    """The application of a turn that takes hand-ins. Raises as ``application_of``, and Refused where it takes none."""
    application = application_of(turn, by=by)
    if not takes_answers(turn):
        raise Refused("turn.not-open", NOT_OPEN, state=turn.state, programme=turn.programme.state)
    return application


def asks_nothing(stage: Stage) -> bool:
    """Whether entering is all there is to do, as where one only registers."""
    return isinstance(stage.do, FormDo) and not (stage.do.ask or stage.do.attach)


def enter_at_once(entering: Callable[[], Turn], *, by: Person) -> Turn:
    """Enter, and where the stage asks nothing hand that in as well: nobody is sent an empty form."""
    with durable():
        turn = entering()
        if asks_nothing(blueprint_of(turn.programme).stage(turn.stage)) and takes_answers(turn):
            application = application_of(turn, by=by)
            send(application, version=application.version, by=by)
            turn.refresh_from_db()
    return turn


def takes_answers(turn: Turn) -> bool:
    return turn.state in TAKES and turn.programme.state in LIVE


def file_of(attachment: UUID, *, by: Person) -> Download:
    """An attached file for whoever may see the turn it belongs to. Raises Missing."""
    file = Attachment.objects.filter(pk=attachment).first()
    row = FormTurn.objects.filter(application__attachments=attachment).select_related("turn__programme").first()
    if file is None or row is None or not rules.may_see(by, row.turn):
        raise Missing("attachment.none", NO_FILE)
    return download(file)


@on(ApplicationSent)
def hand_in_what_was_sent(fact: ApplicationSent) -> None:
    """A sending is a hand-in, unless it is the very one that stands handed in."""
    row = FormTurn.objects.filter(application=fact.application).select_related("turn__programme", "turn__case").first()
    if row is None or (row.turn.state == TurnState.HANDED_IN and row.receipt_id == fact.receipt):
        return
    receipt = Receipt.objects.select_related("sent_by").get(pk=fact.receipt)
    _hand_in(row.turn, receipt, anew=row.receipt_id == receipt.pk)
    FormTurn.objects.filter(pk=row.pk).update(receipt=receipt)


def _hand_in(turn: Turn, receipt: Receipt, *, anew: bool) -> None:
    """``anew``: the same receipt after a refusal (``else: again``), which arrives now and not when it first did."""
    blueprint = blueprint_of(turn.programme)
    stage = blueprint.stage(turn.stage)
    values = typed_values(blueprint, stage, {**receipt.answers, "files": len(receipt.files)}, complete=True)
    persons = [member.person for member in members_by_turn([turn])[turn.pk] if member.person]
    evidence = record(stage.kind, values, persons=persons, via="form", by=receipt.sent_by)
    hand_in(turn, evidence, at=None if anew else receipt.received_at)
    if persons == [receipt.sent_by]:
        _state(receipt.sent_by, values)


def _state(person: Person, values: Mapping[str, Any]) -> None:
    """What somebody says of themselves is known from now on, as their own word."""
    for name in sorted(STATED & values.keys()):
        value = values[name]
        said = ", ".join(value) if isinstance(value, list) else value
        last = history_of(person, name).filter(source=Source.ASKED).first()
        if isinstance(said, str | int) and said != "" and (last is None or last.value != said):
            state_fact(person, name, said, source=Source.ASKED, by=person)


def _holders(members: Sequence[Member]) -> list[UUID]:
    """Who fills it in: the turn's persons; where no persons travel, whoever entered the case."""
    return list(dict.fromkeys(m.person_id or m.case.entered_by_id for m in members))


def _prefilled(
    programme: Programme, stage: Stage, members: Mapping[UUID, Sequence[Member]]
) -> dict[UUID, dict[str, Prefilled]]:
    """By turn, what Dure can answer: earlier answers in this programme, else what is known of the one who takes it.

    What is known of one person is no business of their team: a turn of several gets only what all of them answered.
    """
    names = {question.name for question in stage.do.ask} if isinstance(stage.do, FormDo) else set()
    if not names:
        return {turn: {} for turn in members}
    everybody = [member for group in members.values() for member in group]
    profiles = _profiles(programme, everybody, names)
    earlier = _earlier(programme, stage, everybody, names)
    filled: dict[UUID, dict[str, Prefilled]] = {}
    for turn, group in members.items():
        own = profiles.get(_subject(group[0]), {}) if len(group) == 1 else {}
        known_here = {n: Prefilled(k.value, SOURCES[k.source]) for n, k in own.items() if k.source in SOURCES}
        filled[turn] = {**known_here, **_shared([earlier.get(member.pk, {}) for member in group])}
    return filled


def _profiles(programme: Programme, members: Iterable[Member], names: set[str]) -> Mapping[UUID, Mapping[str, Known]]:
    subject = blueprint_of(programme).subject
    ids = set(map(_subject, members))
    if subject in {Subject.ORG, Subject.CONSORTIUM}:
        return known_of_organisations(ids, names)
    return known(ids, names - {"consent"}, on=clock.now().astimezone(ZoneInfo(programme.zone)).date())


def _subject(member: Member) -> UUID:
    """Whose profile it is: the person's, else the organisation's that travels, else the proposer's."""
    return member.person_id or member.case.organisation_id or member.case.entered_by_id


def _earlier(
    programme: Programme, stage: Stage, members: Sequence[Member], names: set[str]
) -> dict[int, dict[str, tuple[UUID, Prefilled]]]:
    """By member and name: the latest earlier answer, with the turn it was given in."""
    blueprint = blueprint_of(programme)
    forms = [s for s in blueprint.stages[: blueprint.position(stage.id)] if isinstance(s.do, FormDo)]
    turns = turns_by_member(members, {form.id for form in forms})
    stated: dict[int, dict[str, tuple[UUID, Prefilled]]] = {}
    for form in forms:
        source = EARLIER.format(stage=blueprint.word(form.id))
        asked = names & {question.name for question in form.do.ask} if isinstance(form.do, FormDo) else set()
        for member, taken in turns.items():
            turn = taken.get(form.id)
            values = turn.evidence.values if turn and turn.evidence else {}
            for name in asked & values.keys():
                if turn:
                    stated.setdefault(member, {})[name] = (turn.pk, Prefilled(values[name], source))
    return stated


def _shared(answers: Sequence[Mapping[str, tuple[UUID, Prefilled]]]) -> dict[str, Prefilled]:
    """What all members answered together, in one turn."""
    first, *others = answers
    return {
        name: answer
        for name, (turn, answer) in first.items()
        if all(name in other and other[name][0] == turn for other in others)
    }
