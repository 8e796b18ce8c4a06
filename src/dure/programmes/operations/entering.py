"""Entering: a case begins at a start; later stages with an entry act are entered by it too."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from dure.audit.operations import record
from dure.blueprint.model import Entry, FormDo, Stage, Subject
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Organisation, Person, Team
from dure.people.operations import give_consent
from dure.people.queries import has_consented
from dure.programmes import rules
from dure.programmes.events import OfferMade
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import (
    LIVE,
    OFFER_MOVES,
    TAKES_ENTRIES,
    Case,
    Member,
    Offer,
    OfferState,
    Programme,
    Turn,
    TurnMember,
    TurnState,
)
from dure.programmes.operations.arriving import make_turns
from dure.programmes.operations.opening import open_ready
from dure.programmes.operations.teams import check_free, link_team, team_of
from dure.programmes.queries.bans import check_not_banned
from dure.programmes.queries.standing import travellers_of_case
from dure.programmes.queries.waiting import terms_scope
from dure.programmes.windows import set_dates
from dure.store.models import move
from dure.store.transactions import durable


def enter(
    programme: Programme,
    stage_id: str,
    *,
    person: Person,
    options: Sequence[str] = (),
    team: Team | None = None,
    organisation: Organisation | None = None,
    partners: Sequence[Organisation] = (),
    title: str = "",
    case: int | None = None,
) -> Turn:
    """``person`` applies at a start with ``entry: open`` (makes the case), or later enters with a waiting turn.

    ``case``: the number of the case that one entered at another start of the same programme.
    """
    stage = _stage(programme, stage_id)
    if stage.entry is not Entry.OPEN:
        raise Refused(
            "entry.not-open", Text(ko="이 단계는 직접 지원할 수 없습니다.", en="One cannot apply for this stage.")
        )
    with durable():
        check_not_banned(programme, [person, *(_mates(team) if team else ())])
        if stage.after:
            turn = _enter_waiting(programme, stage, person, options)
        else:
            _takes_entries(programme)
            entered = _own_case(programme, person, case) or _case(
                programme, person, team=team, organisation=organisation, partners=partners, title=title
            )
            turn = _start(programme, stage, entered, options, team=team)
        record("turn.entered", turn, after={"stage": stage_id, "case": turn.case_id, "options": turn.options})
    return turn


@transaction.atomic
def offer(
    programme: Programme, stage_id: str, *, to: Person, by: Person, turn: Turn | None = None,
    match: float | None = None, note: str = "",
) -> Offer:  # fmt: skip
    """Invite, nominate or propose ``to`` for a stage (``turn``: their waiting one, where the stage is a later one)."""
    stage = _stage(programme, stage_id)
    _may_offer(programme, stage, by)
    check_not_banned(programme, [to])
    if stage.after and (turn is None or turn.programme_id != programme.pk or not rules.holds(to, turn)):
        raise _not_here()
    if turn is None:
        _takes_entries(programme)
    elif turn.state != TurnState.WAITING or turn.stage != stage_id or turn.entered_at is not None:
        raise Refused(
            "entry.not-waiting", Text(ko="초대를 기다리는 차례가 아닙니다.", en="This turn waits for no invitation.")
        )
    if match is not None and not 0 <= match <= 1:
        raise Refused("entry.match", Text(ko="적합도는 0과 1 사이여야 합니다.", en="A match lies between 0 and 1."))
    try:
        with transaction.atomic():
            made = Offer.objects.create(
                programme=programme, stage=stage_id, person=to, turn=turn, by=by, match=match, note=note
            )
    except IntegrityError:
        sentence = Text(ko="이미 보낸 초대에 답을 기다리고 있습니다.", en="An offer is open already.")
        raise Refused("entry.offered", sentence) from None
    told = {"programme": programme.slug, "stage": stage_id, "to": to.pk, "turn": made.turn_id, "match": match}
    record("offer.made", made, after=told, about=to, actor=by)
    publish(OfferMade(made.pk))
    return made


def accept(
    made: Offer,
    *,
    options: Sequence[str] = (),
    team: Team | None = None,
    organisation: Organisation | None = None,
    partners: Sequence[Organisation] = (),
    title: str = "",
    case: int | None = None,
) -> Turn:
    """The person takes the offer: at a start this makes the case, later it enters the waiting turn."""
    programme = made.programme
    stage = _stage(programme, made.stage)
    with durable():
        check_not_banned(programme, [made.person, *(_mates(team) if team else ())])
        move(made, OfferState.ACCEPTED, by=OFFER_MOVES, answered_at=clock.now())
        if made.turn is None:
            _takes_entries(programme)
            entered = _own_case(programme, made.person, case) or _case(
                programme, made.person, team=team, organisation=organisation, partners=partners, title=title
            )
            turn = _start(programme, stage, entered, options, team=team, match=made.match)
        else:
            turn = _entered(programme, stage, made.turn, options, match=made.match)
        record("offer.accepted", made, after={"turn": turn.pk, "options": turn.options})
    return turn


@transaction.atomic
def decline(made: Offer) -> Offer:
    move(made, OfferState.DECLINED, by=OFFER_MOVES, answered_at=clock.now())
    record("offer.declined", made)
    return made


@transaction.atomic
def withdraw_offer(made: Offer) -> Offer:
    move(made, OfferState.WITHDRAWN, by=OFFER_MOVES, answered_at=clock.now())
    record("offer.withdrawn", made)
    return made


@transaction.atomic
def choose(turn: Turn, options: Sequence[str]) -> Turn:
    """Pick the turn's options; they hold from its opening on."""
    stage = _stage(turn.programme, turn.stage)
    chosen = _checked_options(turn.programme, stage, options)
    if Turn.objects.filter(pk=turn.pk, state=TurnState.WAITING).update(options=chosen) != 1:
        sentence = Text(ko="이미 열린 차례의 선택은 바꿀 수 없습니다.", en="The choice holds once a turn is open.")
        raise Refused("turn.chosen", sentence)
    record("turn.chosen", turn, before={"options": turn.options}, after={"options": chosen})
    open_ready(turn.programme, turn.stage)
    turn.refresh_from_db()
    return turn


@transaction.atomic
def accept_terms(turn: Turn, *, person: Person) -> Turn:
    """``person`` accepts the terms of everything that the stage provides: a consent, told in the log, for each."""
    stage = _stage(turn.programme, turn.stage)
    for index, provision in enumerate(stage.provides):
        scope = terms_scope(turn.programme, stage.id, index)
        if provision.terms and not has_consented(person, purpose="terms", scope=scope):
            give_consent(person, purpose="terms", scope=scope, wording=_wording(turn, provision.terms))
    open_ready(turn.programme, turn.stage)
    turn.refresh_from_db()
    return turn


def _wording(turn: Turn, terms: str) -> str:
    """What was agreed to, as it was shown in both languages."""
    word = blueprint_of(turn.programme).word(terms)
    return f"{word.ko} / {word.en}"


@transaction.atomic
def form_team(programme: Programme, stage_id: str, team: Team, *, by: Person) -> Turn:
    """Join the waiting turns of a team's members into one: the team's. Its size is the stage's business."""
    stage = _stage(programme, stage_id)
    if stage.team is None or blueprint_of(programme).subject is not Subject.PERSON:
        raise Refused("team.none", Text(ko="팀을 구성하는 단계가 아닙니다.", en="No teams are formed at this stage."))
    mates = _mates(team)
    if by not in mates and not rules.operates(by, programme):
        raise Refused(
            "team.not-yours", Text(ko="팀원만 팀을 등록할 수 있습니다.", en="Only its members may enter a team.")
        )
    _check_size(stage, len(mates))
    check_not_banned(programme, mates)
    rows = TurnMember.objects.filter(
        stage=stage_id, turn__programme=programme, turn__state=TurnState.WAITING, turn__formed_at__isnull=True,
        member__person__in=mates,
    )  # fmt: skip
    waiting = list(rows.select_related("turn").order_by("member__case__number"))
    if len(waiting) != len(mates):
        sentence = Text(
            ko="팀원 모두가 이 단계에 올라와 있고 다른 팀에 속하지 않아야 합니다.",
            en="Every member must have come through to this stage and be in no other team.",
        )
        raise Refused("team.not-here", sentence, here=len(waiting), members=len(mates))
    turn = _merged(programme, stage_id, waiting, team)
    record("turn.team-formed", turn, after={"team": team.pk, "members": [mate.pk for mate in mates]}, actor=by)
    return turn


def _merged(programme: Programme, stage_id: str, waiting: Sequence[TurnMember], team: Team) -> Turn:
    turn, *others = [row.turn for row in waiting]
    now = clock.now()
    fresh = Turn.objects.filter(pk=turn.pk, state=TurnState.WAITING, formed_at__isnull=True)
    joined = fresh.update(formed_at=now, title=team.name, entered_at=turn.entered_at)
    for row in waiting[1:]:  # by compare-and-set: another team may want the same mate at this moment
        joined += TurnMember.objects.filter(pk=row.pk, turn_id=row.turn_id).update(turn=turn)
    if joined != len(waiting):
        raise Refused("team.formed", Text(ko="이미 다른 팀에 속해 있습니다.", en="A member is in a team already."))
    Turn.objects.filter(pk__in=[other.pk for other in others], state=TurnState.WAITING).delete()
    link_team(turn, team)
    open_ready(programme, stage_id)
    turn.refresh_from_db()
    return turn


def _stage(programme: Programme, stage_id: str) -> Stage:
    try:
        return blueprint_of(programme).stage(stage_id)
    except KeyError:
        sentence = Text(ko="‘{stage}’ 단계가 없습니다.", en="There is no stage {stage}.").format(stage=stage_id)
        raise Refused("stage.unknown", sentence, stage=stage_id) from None


def _takes_entries(programme: Programme) -> None:
    if programme.state not in TAKES_ENTRIES:
        sentence = Text(ko="이 프로그램은 지금 신청을 받지 않습니다.", en="This programme takes no entries now.")
        raise Refused("programme.not-open", sentence, state=programme.state)


def _own_case(programme: Programme, person: Person, number: int | None) -> Case | None:
    """The case of that number, which ``person`` entered or belongs to."""
    if number is None:
        return None
    own = Q(entered_by=person) | Q(members__person=person)
    case = Case.objects.filter(own, programme=programme, number=number).first()
    if case is None:
        raise Missing(
            "entry.case", Text(ko="그런 참가 건이 없습니다.", en="There is no such case of yours."), case=number
        )
    return case


def _case(
    programme: Programme,
    person: Person,
    *,
    team: Team | None,
    organisation: Organisation | None,
    partners: Sequence[Organisation],
    title: str,
) -> Case:
    """The case that ``person`` enters; a person who entered at another start keeps the one they have."""
    subject = blueprint_of(programme).subject
    if subject is Subject.PERSON:
        case = Case.objects.filter(programme=programme, sole=person).first()
        return case or _new_case(programme, person, [person], sole=person)
    if subject is Subject.TEAM:
        if team is None:
            raise Refused("entry.team", Text(ko="팀을 먼저 만들어 주세요.", en="Form a team first."))
        return _new_case(programme, person, _mates(team), title=team.name)
    if subject is Subject.ITEM:
        return _new_case(programme, person, [None], title=title)
    if organisation is None:
        raise Refused("entry.organisation", Text(ko="참가할 기관을 고르세요.", en="Name the organisation that enters."))
    case = _new_case(programme, person, [None], title=title or organisation.name_ko, organisation=organisation)
    case.partners.set(partners)
    return case


def _new_case(
    programme: Programme,
    person: Person,
    members: Sequence[Person | None],
    *,
    sole: Person | None = None,
    title: str = "",
    organisation: Organisation | None = None,
) -> Case:
    number = _next_number(programme)
    try:
        with transaction.atomic():
            case = Case.objects.create(
                programme=programme, number=number, entered_by=person, sole=sole, title=title,
                organisation=organisation,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("entry.twice", Text(ko="이미 참가했습니다.", en="You have entered already.")) from None
    Member.objects.bulk_create([Member(case=case, person=member) for member in members])
    return case


def _next_number(programme: Programme) -> int:
    """The next case number, by one UPDATE: two entries never share one."""
    Programme.objects.filter(pk=programme.pk).update(cases_entered=F("cases_entered") + 1)
    return Programme.objects.values_list("cases_entered", flat=True).get(pk=programme.pk)


def _start(
    programme: Programme,
    stage: Stage,
    case: Case,
    options: Sequence[str],
    *,
    team: Team | None = None,
    match: float | None = None,
) -> Turn:
    members = travellers_of_case(case)
    if stage.team is not None and blueprint_of(programme).subject is Subject.TEAM:
        _check_size(stage, len(members))
    if isinstance(stage.do, FormDo) and stage.do.lead:
        _check_lead(case, stage.do.lead)
    try:
        with transaction.atomic():
            turn = make_turns(programme, stage, [(members, None)], entered=True)[0]
    except IntegrityError:
        raise Refused("entry.twice", Text(ko="이미 참가했습니다.", en="You have entered already.")) from None
    _refuse_over(turn)
    if blueprint_of(programme).subject is Subject.TEAM:
        check_free(turn, [member.person for member in case.members.select_related("person") if member.person])
        if own := team or team_of(case):
            link_team(turn, own)
    return _entered(programme, stage, turn, options, match=match)


def _refuse_over(turn: Turn) -> None:
    if turn.closes_at is not None and turn.closes_at <= clock.now():
        raise Refused(
            "entry.closed", Text(ko="접수 기간이 끝났습니다.", en="Entries have closed."), closes_at=turn.closes_at
        )


def _enter_waiting(programme: Programme, stage: Stage, person: Person, options: Sequence[str]) -> Turn:
    turn = Turn.objects.filter(
        programme=programme, stage=stage.id, state=TurnState.WAITING, entered_at__isnull=True
    ).filter(rules.held_by(person)).first()  # fmt: skip
    if turn is None:
        raise _not_here()
    return _entered(programme, stage, turn, options)


def _not_here() -> Refused:
    sentence = Text(
        ko="앞 단계를 거쳐 이 단계에 올라온 사람만 들어올 수 있습니다.",
        en="Only those who have come through the stages before can enter this stage.",
    )
    return Refused("entry.not-here", sentence)


def _entered(
    programme: Programme, stage: Stage, turn: Turn, options: Sequence[str], *, match: float | None = None
) -> Turn:
    """The entry act is done: the turn may open."""
    if programme.state not in LIVE:
        raise Refused(
            "programme.not-live", Text(ko="진행 중인 프로그램이 아닙니다.", en="The programme is not running.")
        )
    if options:
        turn.options = _checked_options(programme, stage, options)
    turn.entered_at, turn.match = clock.now(), match
    set_dates(programme, [turn])
    turn.save(update_fields=["options", "entered_at", "match", "opens_at", "closes_at", "occurrence"])
    open_ready(programme, stage.id)
    turn.refresh_from_db()
    return turn


def _checked_options(programme: Programme, stage: Stage, options: Sequence[str]) -> list[str]:
    known = options_at(programme, stage.id) if stage.options is not None else ()
    chosen = list(dict.fromkeys(options))
    if not known or not set(chosen) <= set(known):
        sentence = Text(ko="고를 수 있는 것: {known}", en="Choose from: {known}").format(known=", ".join(known) or "–")
        raise Refused("option.unknown", sentence, chosen=chosen, known=list(known))
    if not 1 <= len(chosen) <= stage.choose:
        sentence = Text(ko="1개에서 {most}개까지 고를 수 있습니다.", en="Choose 1 to {most}.").format(most=stage.choose)
        raise Refused("option.count", sentence, chosen=len(chosen), most=stage.choose)
    return chosen


def _mates(team: Team) -> list[Person]:
    """Those who accepted, the captain among them."""
    rows = team.members.filter(left_at__isnull=True).select_related("person").order_by("pk")
    return [row.person for row in rows]


def _check_size(stage: Stage, size: int) -> None:
    if stage.team is None or stage.team.min <= size <= stage.team.max:
        return
    sentence = Text(
        ko="팀은 {least}명에서 {most}명이어야 합니다(지금 {size}명).",
        en="A team has {least} to {most} members (now {size}).",
    )
    raise Refused("team.size", sentence.format(least=stage.team.min, most=stage.team.max, size=size), size=size)


def _check_lead(case: Case, kind: str) -> None:
    if case.organisation is None or case.organisation.kind != kind:
        sentence = Text(ko="컨소시엄은 {kind}이(가) 대표해야 합니다.", en="A {kind} must lead the consortium.")
        raise Refused("consortium.lead", sentence.format(kind=kind), kind=kind)


def _may_offer(programme: Programme, stage: Stage, by: Person) -> None:
    if stage.entry in {None, Entry.OPEN}:
        raise Refused(
            "entry.no-offer", Text(ko="초대로 들어오는 단계가 아닙니다.", en="Nobody is invited to this stage.")
        )
    allowed = rules.operates(by, programme) or (stage.entry is Entry.NOMINATE and rules.may_nominate(by, programme))
    if not allowed:
        sentence = Text(
            ko="이 단계에 초대·추천할 권한이 없습니다.", en="You may not invite or nominate for this stage."
        )
        raise Refused("entry.not-yours", sentence)
