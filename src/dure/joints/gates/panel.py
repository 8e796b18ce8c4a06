"""A panel, recorded: reviewers are seated for a turn, free of conflicts, and mark each criterion."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from dure.audit.operations import Part, record, record_many
from dure.blueprint.model import Kind, PanelStep, Stage, Subject, TestDo
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.joints.gates.asking import judge_soon, step_of
from dure.joints.models import REVIEW_MOVES, Review, ReviewState
from dure.people.days import today
from dure.people.models import Person
from dure.people.queries import Ties, ties
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Attendant, Programme, Seat, Turn, TurnState
from dure.programmes.operations.judging import awaiting
from dure.programmes.queries.members import members_by_turn
from dure.programmes.queries.settled import is_settled
from dure.store.chunks import chunked
from dure.store.models import move

SENT_IN = frozenset({Kind.FORM, Kind.PROJECT, Kind.ROUND})
MOST_SECONDS = 600  # what one draft may add: a page that is left open is not work
SENT = Text(
    ko="이미 보낸 심사입니다. 바꾸려면 먼저 점수를 회수하세요.",
    en="These marks are sent. Take them back first to change them.",
)
STANDS = Text(
    ko="이미 결과가 정해져 점수를 회수할 수 없습니다. 잘못이 있으면 운영자에게 알려 주세요.",
    en="The result is set, so the marks stand. Tell an operator if something is wrong.",
)


class PanelInputs:
    """A turn's mark is the mean over its reviewers, once all ``each`` of them are done (appendix E)."""

    def inputs(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, float]:
        panel = step_of(programme, stage, step, PanelStep)
        marks: dict[UUID, list[Fraction]] = {}
        for piece in chunked(turns):
            rows = Review.objects.filter(turn_id__in=piece, step=step, state=ReviewState.DONE)
            for review in rows.select_related("turn"):
                if review.evidence_id == review.turn.evidence_id and review.mark is not None:
                    marks.setdefault(review.turn_id, []).append(Fraction(review.mark))
        done = {turn: given for turn, given in marks.items() if len(given) == panel.each}
        return {turn: float(sum(given) / len(given)) for turn, given in done.items()}

    def reasons(self, programme: Programme, stage: str, step: int, turns: Sequence[UUID]) -> Mapping[UUID, Text]:
        """None: comments are the operators' to read."""
        return {}


@transaction.atomic
def assign(turn: Turn, step: int, *, reviewer: Person, by: Person) -> Review:
    """Seat a reviewer at the turn's panel. Refused where a conflict stands or all seats are taken."""
    programme = turn.programme
    if not rules.operates(by, programme):
        raise Forbidden(
            "review.not-yours", Text(ko="심사위원을 배정할 권한이 없습니다.", en="You may not seat reviewers.")
        )
    panel = step_of(programme, turn.stage, step, PanelStep)
    role = _role_for(turn, panel, reviewer)
    if role is None:
        names = ", ".join((*panel.roles, *panel.include))
        sentence = Text(ko="이 단계의 심사 역할이 아닙니다: {names}", en="Not one of this panel's roles: {names}")
        raise Refused("review.role", sentence.format(names=names), roles=names)
    known = ties([reviewer.pk, *_persons(turn)], on=today())
    found = conflicts_of(turn, panel, reviewer, known)
    if found:
        listed = ", ".join(sorted(found))
        sentence = Text(
            ko="이해 상충이 있어 배정할 수 없습니다: {listed}", en="A conflict of interest bars this: {listed}"
        )
        raise Refused("review.conflict", sentence.format(listed=listed), conflicts=sorted(found))
    review = _seat(turn, step, panel, reviewer, role)
    record("review.assigned", review, after=_told(review), about=reviewer, actor=by)
    return review


def _told(review: Review) -> dict[str, object]:
    return {"turn": review.turn_id, "step": review.step, "reviewer": review.reviewer_id, "role": review.role}


def conflicts_of(turn: Turn, panel: PanelStep, reviewer: Person, known: Ties) -> set[str]:
    """What bars ``reviewer`` from ``turn``, of the conflicts that the panel lists; a supervisor who is included on
    purpose is not barred by ``own-student``."""
    included = Attendant.objects.filter(turn=turn, person=reviewer, role__in=panel.include).exists()
    kinds = [kind for kind in panel.conflicts if not (included and kind == "own-student")]
    found = set(known.between(reviewer.pk, _persons(turn), _organisations(turn), kinds))
    if "own-proposal" in kinds and reviewer.pk in {*_persons(turn), turn.case.entered_by_id}:
        found.add("own-proposal")
    if "own-student" in kinds and _attended(turn, reviewer):
        found.add("own-student")
    return found


def _attended(turn: Turn, reviewer: Person) -> bool:
    """Whether the reviewer is or was with a member of this turn, here or at a stage before."""
    members = turn.turn_members.values("member_id")
    return Attendant.objects.filter(person=reviewer, turn__turn_members__member__in=members).exists()


@transaction.atomic
def assign_all(
    programme: Programme, stage: str, step: int, *, by: Person, only: Collection[UUID] | None = None
) -> list[Review]:
    """Fill every panel of the stage (or of ``only`` those turns) evenly: the least loaded reviewer without a conflict
    sits next.

    Raises Refused, with the turns that lack reviewers, when there are too few; then nobody is seated.
    """
    panel = step_of(programme, stage, step, PanelStep)
    if not rules.operates(by, programme):
        raise Forbidden(
            "review.not-yours", Text(ko="심사위원을 배정할 권한이 없습니다.", en="You may not seat reviewers.")
        )
    waiting = [turn for turn in awaiting(programme, stage, step) if only is None or turn.pk in only]
    reviewers = list(
        Person.objects.filter(seats__programme=programme, seats__role__in=panel.roles, seats__ended_at__isnull=True)
        .distinct()
        .order_by("pk")
    )
    people = {person for turn in waiting for person in _persons(turn)} | {r.pk for r in reviewers}
    known = ties(people, on=today())
    load = Counter(Review.objects.filter(turn__programme=programme).values_list("reviewer_id", flat=True))
    made = [review for turn in waiting for review in _fill(turn, step, reviewers, known=known, load=load)]
    lacking = [str(t.case.number) for t in waiting if _seated(t, step).count() < panel.each]
    if lacking:
        sentence = Text(
            ko="이해 상충이 없는 심사위원이 모자랍니다(참가 건 {cases}). 심사위원을 더 등록하세요.",
            en="Too few reviewers without a conflict (cases {cases}). Seat more reviewers.",
        )
        raise Refused("review.too-few", sentence.format(cases=", ".join(lacking[:20])), cases=lacking)
    if made:
        parts = [Part(review, after=_told(review), about=review.reviewer) for review in made]
        record_many("review.assigned", programme, parts=parts, actor=by)
    return made


def _fill(turn: Turn, step: int, reviewers: Sequence[Person], *, known: Ties, load: Counter[UUID]) -> list[Review]:
    """Seat this turn's included people first, then others by load, until ``each`` sit."""
    panel = step_of(turn.programme, turn.stage, step, PanelStep)
    sitting = set(_seated(turn, step).values_list("reviewer_id", flat=True))
    own = [a.person for a in Attendant.objects.filter(turn=turn, role__in=panel.include).select_related("person")]
    others = sorted((r for r in reviewers if r not in own), key=lambda r: (load[r.pk], r.pk))
    made = []
    for reviewer in [*own, *others]:
        if len(sitting) >= panel.each:
            break
        if reviewer.pk in sitting or conflicts_of(turn, panel, reviewer, known):
            continue
        role = _role_for(turn, panel, reviewer)
        if role is not None:
            made.append(_seat(turn, step, panel, reviewer, role))
            sitting.add(reviewer.pk)
            load[reviewer.pk] += 1
    return made


@transaction.atomic
def give_marks(review: Review, *, marks: Mapping[str, int | float], by: Person, comment: str = "") -> Review:
    """The reviewer marks every criterion from 0 to 100; the last one done lets the turn be judged."""
    _check_reviewer(review, by)
    turn = review.turn
    panel = step_of(turn.programme, turn.stage, review.step, PanelStep)
    _check_marks(panel, marks)
    total = sum(Fraction(str(panel.rubric[name])) * Fraction(str(points)) for name, points in marks.items()) / 100
    move(
        review, ReviewState.DONE, by=REVIEW_MOVES,
        marks=dict(marks), mark=round(float(total), 6), comment=comment, done_at=clock.now(), draft={},
    )  # fmt: skip
    record("review.marked", review, after={"turn": turn.pk, "marks": review.marks, "mark": review.mark}, actor=by)
    judge_soon(turn)
    return review


def keep_draft(review: Review, *, marks: Mapping[str, int | float], by: Person, comment: str, seconds: int) -> Review:
    """Keep what was written so far, and the ``seconds`` spent since it was kept last; nobody else sees it."""
    _check_reviewer(review, by)
    draft = {"marks": dict(marks), "comment": comment}
    waiting = Review.objects.filter(pk=review.pk, state=ReviewState.ASSIGNED)
    if not waiting.update(draft=draft, seconds=F("seconds") + max(0, min(seconds, MOST_SECONDS))):
        raise Refused("review.sent", SENT)
    review.draft = draft
    return review


@transaction.atomic
def take_back(review: Review, *, by: Person) -> Review:
    """The reviewer takes marks back to change them, which stay written as a draft. Refused once they stand."""
    _check_reviewer(review, by)
    if stands(review):
        raise Refused("review.stands", STANDS)
    told = {"turn": review.turn_id, "marks": review.marks, "mark": review.mark}
    draft = {"marks": review.marks, "comment": review.comment}
    move(review, ReviewState.ASSIGNED, by=REVIEW_MOVES, draft=draft, marks={}, mark=None, comment="", done_at=None)
    record("review.taken-back", review, before=told, actor=by)
    return review


def stands(review: Review) -> bool:
    """Whether marks can no longer be changed: its hand-in is judged, settled or replaced by a newer one."""
    turn = review.turn
    return turn.state != TurnState.HANDED_IN or turn.evidence_id != review.evidence_id or is_settled(turn)


def is_blind(stage: Stage) -> bool:
    """Whether a panel at the stage marks without knowing whose it is: where it judges what was sent in. Whom it meets
    (interviews, events, lessons, work) it knows."""
    return stage.kind in SENT_IN or (isinstance(stage.do, TestDo) and stage.do.type != "interview")


def title_told(turn: Turn, *, blind: bool) -> str:
    """What a reviewer is told of a case's title: a blind one could be a team's name, so that only things that travel
    themselves (items) keep theirs."""
    told = not blind or blueprint_of(turn.programme).subject is Subject.ITEM
    return turn.case.title if told else ""


@transaction.atomic
def declare_conflict(review: Review, *, by: Person, why: str) -> Review:
    """The reviewer steps back; the seat is free for another."""
    _check_reviewer(review, by)
    move(review, ReviewState.DECLINED, by=REVIEW_MOVES, conflict=why or "declared", done_at=clock.now())
    record("review.declined", review, after={"turn": review.turn_id, "why": review.conflict}, about=by, actor=by)
    return review


def _check_reviewer(review: Review, by: Person) -> None:
    if review.reviewer_id != by.pk:
        raise Forbidden("review.not-yours", Text(ko="본인에게 배정된 심사가 아닙니다.", en="This review is not yours."))


def _check_marks(panel: PanelStep, marks: Mapping[str, int | float]) -> None:
    flaws = []
    for name in panel.rubric:
        points = marks.get(name)
        if points is None or isinstance(points, bool) or not 0 <= points <= 100:
            text = Text(ko="0에서 100 사이의 점수를 주세요.", en="Give 0 to 100 points.")
            flaws.append({"field": name, **text.as_dict()})
    unknown = [n for n in marks if n not in panel.rubric]
    flaws += [{"field": n, **Text(ko="없는 평가 항목입니다.", en="No such criterion.").as_dict()} for n in unknown]
    if flaws:
        raise Flawed("review.marks", Text(ko="점수를 확인해 주세요.", en="Check the marks."), errors=flaws)


def _seat(turn: Turn, step: int, panel: PanelStep, reviewer: Person, role: str) -> Review:
    if turn.evidence_id is None or turn.state != TurnState.HANDED_IN:
        raise Refused("review.nothing", Text(ko="제출된 것이 없습니다.", en="Nothing has been handed in."))
    taken = set(_seated(turn, step).values_list("slot", flat=True))
    free = [slot for slot in range(panel.each) if slot not in taken]
    if not free:
        sentence = Text(ko="심사위원 {n}명이 모두 배정되었습니다.", en="All {n} seats of this panel are taken.")
        raise Refused("review.full", sentence.format(n=panel.each), each=panel.each)
    try:
        with transaction.atomic():
            return Review.objects.create(
                turn=turn, step=step, evidence_id=turn.evidence_id, slot=free[0], reviewer=reviewer, role=role
            )
    except IntegrityError:
        raise Refused(
            "review.taken", Text(ko="이미 배정된 심사위원입니다.", en="They sit on this panel already.")
        ) from None


def _seated(turn: Turn, step: int) -> QuerySet[Review]:
    rows = Review.objects.filter(turn=turn, step=step, evidence=turn.evidence)
    return rows.exclude(state=ReviewState.DECLINED)


def _role_for(turn: Turn, panel: PanelStep, reviewer: Person) -> str | None:
    """As what they sit: the case's own one under ``include``, else a seat in one of the panel's roles."""
    own = Attendant.objects.filter(turn=turn, person=reviewer, role__in=panel.include).first()
    if own:
        return own.role
    seats = Seat.objects.filter(programme=turn.programme, person=reviewer, role__in=panel.roles, ended_at__isnull=True)
    seat = seats.first()
    return seat.role if seat else None


def _persons(turn: Turn) -> Collection[UUID]:
    return {m.person_id or m.case.entered_by_id for m in members_by_turn([turn])[turn.pk]}


def _organisations(turn: Turn) -> Collection[UUID]:
    case = turn.case
    partners = case.partners.values_list("pk", flat=True)
    return {*partners, case.organisation_id} - {None} if case.organisation_id else set()
