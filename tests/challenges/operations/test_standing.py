"""Disqualified entrants and attempts are on no board and lose nothing; they appeal once; bans keep people out."""

import io
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.challenges.models import Ban, Best, Disqualification, OutState, Quota, Submission, SubmissionState, Task
from dure.challenges.operations import add_organiser, choose, merge_entrants
from dure.challenges.operations.applying import apply
from dure.challenges.operations.boards import make_board
from dure.challenges.operations.forgetting import forget_said
from dure.challenges.operations.proposing import Wanted, propose
from dure.challenges.operations.standing import appeal, ban, decide_appeal, disqualify, lift
from dure.challenges.queries.standing import bans, bans_on, outs_on
from dure.challenges.ranks import rank_of
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.people.models import Notice
from tests.challenges.conftest import CLOSE, IDS, START, TRUTH, judge, make_entrant, make_task, member, offer, scored
from tests.factories import make_operator, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
WHY = Text(ko="다른 팀의 코드를 제출했습니다.", en="Another team's code was handed in.")
ANSWER = Text(ko="확인했습니다.", en="We have looked into it.")


def organiser(task: Task):
    return task.round.organisers.order_by("pk").first()


def out(entrant, **known) -> Disqualification:
    return disqualify(entrant, **{"by": organiser(entrant.task), "ground": "sharing", "reason": WHY} | known)


def banned_from(entrant):
    return ban(entrant.task.round, member(entrant), by=organiser(entrant.task), ground="sharing", reason=WHY)


def board(task: Task) -> list[str]:
    rows = Best.objects.filter(task=task).order_by("public_rank", "public_at")
    return list(rows.values_list("entrant__title", flat=True))


@pytest.fixture
def task() -> Task:
    made = make_task()
    for title, right in (("first", 4), ("second", 3), ("third", 2)):
        scored(make_entrant(made, title=title), right, 6)
    return made


def entrant(task: Task, title: str):
    return task.entrants.select_related("task__round").get(title=title)


def test_ranks_close_up_at_once_and_open_again_when_it_is_lifted(task):
    version = Task.objects.get(pk=task.pk).board_version
    made = out(entrant(task, "first"))
    without = board(task)

    lift(made, by=organiser(task))

    assert (without, board(task)) == (["second", "third"], ["first", "second", "third"])
    assert Task.objects.get(pk=task.pk).board_version == version + 2


def test_a_disqualified_attempt_leaves_the_place_to_the_next_best(task):
    second = entrant(task, "second")
    best = scored(second, 4, 6)

    out(second, submission=best)

    assert Best.objects.get(entrant=second).best.number == 1


def test_nothing_is_deleted_and_quotas_stay():
    made = make_task(daily=3)
    one = make_entrant(made)
    scored(one)

    out(one)

    assert Submission.objects.get().state == SubmissionState.SCORED
    assert set(Quota.objects.values_list("used", flat=True)) == {1}


def test_what_is_scored_while_one_is_out_takes_no_place(task):
    first = entrant(task, "first")
    waiting = offer(first)
    out(first)

    judge(waiting)

    assert board(task) == ["second", "third"]


def test_a_disqualified_entrant_hands_nothing_in_and_a_disqualified_attempt_is_not_chosen(task):
    first, second = entrant(task, "first"), entrant(task, "second")
    out(first)
    out(second, submission=second.submissions.get())

    with pytest.raises(Refused) as refused:
        offer(first)
    assert refused.value.code == "standing.out"
    with pytest.raises(Refused) as refused:
        choose(second.submissions.get(), by=member(second))
    assert refused.value.code == "challenges.out"


def test_what_was_chosen_counts_again_when_it_is_lifted(task):
    first = entrant(task, "first")
    weak = scored(first, 1, 2)
    choose(weak, by=member(first))
    made = out(first)

    lift(made, by=organiser(task))

    best = Best.objects.get(entrant=first)
    assert (best.counting_id, best.chosen) == (weak.pk, True)


def test_one_is_disqualified_once_at_a_time(task):
    first = entrant(task, "first")
    made = out(first)

    with pytest.raises(Refused) as refused:
        out(first)
    assert refused.value.code == "standing.out"
    lift(made, by=organiser(task))
    out(first)
    assert [row.state for row in first.disqualifications.order_by("pk")] == ["lifted", "standing"]


def test_the_reason_is_told_in_both_languages_on_the_page_and_by_mail(task):
    first = entrant(task, "first")
    Message.objects.all().delete()

    made = out(first)

    notice = Notice.objects.get(person=member(first))
    assert notice.path == f"/disqualifications/{made.pk}/"
    assert [mail.to for mail in Message.objects.all()] == [[member(first).email]]
    with pytest.raises(Flawed):
        out(entrant(task, "second"), reason=Text(ko="이유", en=" "))


def test_strangers_and_entrants_disqualify_nobody(task):
    for person in (make_person(), member(entrant(task, "second"))):
        with pytest.raises(Forbidden):
            out(entrant(task, "first"), by=person)


def test_one_appeals_once_within_the_stated_time(task):
    first = entrant(task, "first")
    made = out(first, appeal_until=START + timedelta(days=2))

    appeal(made, by=member(first), text="It is our own.", file=io.BytesIO(b"proof"), name="proof.txt")

    made.refresh_from_db()
    assert (made.state, made.appeal, made.appeal_file.name) == (OutState.APPEALED, "It is our own.", "proof.txt")
    with pytest.raises(Refused) as refused:
        appeal(made, by=member(first), text="again")
    assert refused.value.code == "standing.once"


def test_an_appeal_comes_too_late_at_the_stated_moment(task):
    first = entrant(task, "first")
    made = out(first, appeal_until=START + timedelta(days=2))

    with clock.at(START + timedelta(days=2)), pytest.raises(Refused) as refused:
        appeal(made, by=member(first), text="late")

    assert refused.value.code == "standing.late"


def test_only_those_it_concerns_appeal(task):
    made = out(entrant(task, "first"))

    with pytest.raises(Forbidden):
        appeal(made, by=member(entrant(task, "second")), text="for them")


def test_nobody_decides_in_their_own_cause(task):
    first = entrant(task, "first")
    add_organiser(task.round, member(first))
    made = out(first)
    with pytest.raises(Refused) as lifted:
        lift(made, by=member(first))
    appeal(made, by=member(first), text="It is our own.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=member(first), grant=True, answer=ANSWER)

    assert (lifted.value.code, refused.value.code) == ("standing.own", "standing.own")
    decide_appeal(made, by=made.by, grant=False, answer=ANSWER)  # nobody else is there who is not concerned
    assert made.state == OutState.UPHELD


def test_where_the_platform_has_operators_one_of_them_answers_for_an_only_organiser(task):
    made, operator = out(entrant(task, "first")), make_operator()
    appeal(made, by=member(made.entrant), text="It is our own.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=made.by, grant=True, answer=ANSWER)
    decide_appeal(made, by=operator, grant=True, answer=ANSWER)

    assert (refused.value.code, made.state) == ("standing.own", OutState.LIFTED)


def test_what_disqualifies_somebody_is_listed_while_it_matters(task):
    first = entrant(task, "first")
    made = out(first)

    told = {at: list(outs_on(member(first), at=at)) for at in (START, CLOSE, CLOSE + timedelta(days=30))}

    assert told == {START: [made], CLOSE: [], CLOSE + timedelta(days=30): []}
    assert list(outs_on(member(entrant(task, "second")), at=START)) == []


def test_another_organiser_decides_where_there_is_one(task):
    first, other = entrant(task, "first"), make_person()
    add_organiser(task.round, other)
    made = out(first)
    appeal(made, by=member(first), text="It is our own.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=made.by, grant=True, answer=ANSWER)
    assert refused.value.code == "standing.own"
    decide_appeal(made, by=other, grant=True, answer=ANSWER)
    assert (made.state, board(task)) == (OutState.LIFTED, ["first", "second", "third"])


def test_an_only_organiser_decides_and_an_upheld_one_stays_out(task):
    first = entrant(task, "first")
    made = out(first)
    appeal(made, by=member(first), text="It is our own.")

    decide_appeal(made, by=organiser(task), grant=False, answer=ANSWER)

    assert (made.state, board(task)) == (OutState.UPHELD, ["second", "third"])
    with pytest.raises(Refused):
        appeal(made, by=member(first), text="again")


def test_who_is_banned_submits_nothing_until_it_ends(task):
    first = entrant(task, "first")
    ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY, until=START + timedelta(days=1))

    with pytest.raises(Forbidden) as refused:
        offer(first)
    assert refused.value.code == "standing.banned"
    with clock.at(START + timedelta(days=1)):
        offer(first)
        ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY)
    assert Ban.objects.filter(lifted_at=None).count() == 1


def test_a_ban_is_made_once_and_lifted_once(task):
    first = entrant(task, "first")
    made = ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY)

    with pytest.raises(Refused):
        ban(task.round, member(first), by=organiser(task), ground="conduct", reason=WHY)
    lift(made, by=organiser(task))
    offer(first)
    with pytest.raises(Refused) as refused:
        lift(made, by=organiser(task))
    assert refused.value.code == "standing.lifted"


def banned(task: Task, **known) -> Ban:
    return ban(
        task.round, member(entrant(task, "first")),
        **{"by": organiser(task), "ground": "conduct", "reason": WHY} | known,
    )  # fmt: skip


def test_the_banned_read_why_on_their_page_and_by_mail(task):
    Message.objects.all().delete()

    made = banned(task)

    assert list(Notice.objects.values_list("person", "path")) == [(made.person_id, f"/round-bans/{made.pk}/")]
    mail = Message.objects.get()
    assert mail.to == [made.person.email]
    assert WHY.ko in mail.text


def test_the_banned_appeal_once_within_the_stated_time(task):
    made = banned(task, appeal_until=START + timedelta(days=2))

    appeal(made, by=made.person, text="It was not me.", file=io.BytesIO(b"proof"), name="proof.txt")

    made.refresh_from_db()
    assert (made.state, made.appeal, made.appeal_file.name) == (OutState.APPEALED, "It was not me.", "proof.txt")
    assert Notice.objects.get(person=organiser(task)).path == f"/round-bans/{made.pk}/"
    with pytest.raises(Refused) as refused:
        appeal(made, by=made.person, text="again")
    assert refused.value.code == "standing.once"


def test_an_appeal_against_a_ban_comes_too_late_at_the_stated_moment(task):
    made = banned(task)

    with clock.at(START + timedelta(days=7)), pytest.raises(Refused) as refused:
        appeal(made, by=made.person, text="late")

    assert refused.value.code == "standing.late"


def test_only_the_banned_appeal_against_a_ban(task):
    made = banned(task)

    for person in (member(entrant(task, "second")), organiser(task)):
        with pytest.raises(Forbidden):
            appeal(made, by=person, text="for them")


def test_another_organiser_answers_the_banned_where_there_is_one_and_they_take_part_again(task):
    made, other = banned(task), make_person()
    add_organiser(task.round, other)
    appeal(made, by=made.person, text="It was not me.")

    with pytest.raises(Refused) as refused:
        decide_appeal(made, by=made.by, grant=True, answer=ANSWER)
    assert refused.value.code == "standing.own"
    decide_appeal(made, by=other, grant=True, answer=ANSWER)

    made.refresh_from_db()
    assert (made.state, made.ended_by, made.is_in_force) == (OutState.LIFTED, other, False)
    offer(entrant(task, "first"))


def test_who_is_banned_stays_so_once_the_appeal_is_refused(task):
    made = banned(task)
    appeal(made, by=made.person, text="It was not me.")

    decide_appeal(made, by=organiser(task), grant=False, answer=ANSWER)

    assert (made.state, made.answer, made.is_in_force) == (OutState.UPHELD, ANSWER, True)
    with pytest.raises(Forbidden):
        offer(entrant(task, "first"))


def test_a_ban_is_not_lifted_past_an_appeal_that_waits_nor_by_a_stale_answer(task):
    made = banned(task)
    stale = Ban.objects.get(pk=made.pk)
    appeal(made, by=made.person, text="It was not me.")

    with pytest.raises(Refused) as refused:
        lift(made, by=organiser(task))
    assert refused.value.code == "standing.appealed"
    with pytest.raises(Refused) as refused:
        lift(stale, by=organiser(task))
    assert refused.value.code == "state.changed"


def test_an_appeal_that_waits_is_listed_after_the_ban_is_over(task):
    made = banned(task, until=START + timedelta(days=1))
    appeal(made, by=made.person, text="It was not me.")

    with clock.at(START + timedelta(days=2)):
        later = banned(task)
        first = list(bans(task.round))
        decide_appeal(made, by=organiser(task), grant=True, answer=ANSWER)
        then = list(bans(task.round))

    made.refresh_from_db()
    assert (first, then, made.lifted_at) == ([later, made], [later], made.until)


def test_what_keeps_somebody_from_rounds_is_theirs_alone(task):
    made = banned(task, until=START + timedelta(days=1))

    assert list(bans_on(made.person, at=START)) == [made]
    assert list(bans_on(made.person, at=START + timedelta(days=1))) == []
    assert list(bans_on(member(entrant(task, "second")), at=START)) == []


def test_who_is_out_becomes_one_with_nobody_and_what_was_lifted_goes_along(task):
    first, second = entrant(task, "first"), entrant(task, "second")
    made = out(second)

    with pytest.raises(Refused) as refused:
        merge_entrants(first, second)
    assert refused.value.code == "merge.held"
    lift(made, by=organiser(task))
    merge_entrants(first, second)
    made.refresh_from_db()
    assert made.entrant_id == first.pk


# --- boards are what their attempts make them, whatever happened


def recomputed(task: Task) -> dict[object, tuple[object, ...]]:
    """The boards out of raw rows alone, in the plainest way."""
    known = Task.objects.get(pk=task.pk)
    rank = partial(rank_of, greater_is_better=known.greater_is_better)
    found = {}
    for one in known.entrants.all():
        if one.disqualifications.exclude(state="lifted").filter(submission=None).exists():
            continue
        barred = one.disqualifications.exclude(state="lifted").values("submission")
        rows = [s for s in one.submissions.filter(state="scored") if s.pk not in {b["submission"] for b in barred}]
        if rows:
            best = min(rows, key=lambda s: (rank(s.public_score), s.received_at, s.number))
            kept = Best.objects.filter(entrant=one, chosen=True).first()
            counts = kept.counting if kept else best
            assert counts in rows
            found[one.pk] = (best.pk, rank(best.public_score), counts.pk, rank(counts.lasting_score))
    return found


def kept(task: Task) -> dict[object, tuple[object, ...]]:
    rows = Best.objects.filter(task=task).values_list("entrant", "best", "public_rank", "counting", "final_rank")
    return {row[0]: tuple(row[1:]) for row in rows}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("score"), st.integers(0, 2), st.integers(0, 4), st.integers(0, 6)),
        st.tuples(st.just("choose"), st.integers(0, 2), st.integers(0, 5)),
        st.tuples(st.just("out"), st.integers(0, 2)),
        st.tuples(st.just("one out"), st.integers(0, 2), st.integers(0, 5)),
        st.tuples(st.just("lift"), st.integers(0, 5)),
        st.tuples(st.just("apply"), st.sets(st.sampled_from(IDS), min_size=1, max_size=4)),
    ),
    max_size=9,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_boards_are_what_raw_rows_make_them_after_any_sequence(steps):
    task = make_task()
    entrants = [make_entrant(task, title=str(n)) for n in range(3)]
    moment = START

    for step in steps:
        moment += timedelta(minutes=1)
        with clock.at(moment):
            take(step, task, entrants)
        assert kept(task) == recomputed(task)


def take(step, task: Task, entrants) -> None:
    """One step; those that are refused change nothing."""
    what, *rest = step
    try:
        match what:
            case "score":
                scored(entrants[rest[0]], rest[1], rest[2])
            case "choose":
                one = entrants[rest[0]]
                choose(nth(one.submissions.order_by("number"), rest[1]), by=member(one))
            case "out":
                out(entrants[rest[0]])
            case "one out":
                one = entrants[rest[0]]
                out(one, submission=nth(one.submissions.order_by("number"), rest[1]))
            case "lift":
                lift(
                    nth(Disqualification.objects.filter(entrant__task=task).order_by("pk"), rest[0]), by=organiser(task)
                )
            case "apply":
                rejudge(task, rest[0])
    except (Refused, LookupError):
        return


def rejudge(task: Task, turned: set[str]) -> None:
    truth = {one: TRUTH[one] if one not in turned else "no" if TRUTH[one] == "yes" else "yes" for one in IDS}
    labels = io.BytesIO("".join(["id,label\n", *(f"{one},{truth[one]}\n" for one in IDS)]).encode())
    proposal = propose(task, Wanted(labels=labels), by=organiser(task), why="labels")
    drain()
    proposal.refresh_from_db()
    apply(proposal, by=organiser(task))


def nth(rows, at: int):
    found = list(rows)
    return found[at % len(found)] if found else found[0]


def test_making_a_board_that_is_right_changes_no_row(task):
    before = kept(task)

    make_board(task)

    assert kept(task) == before


@pytest.mark.parametrize("sanctioned", [out, banned_from], ids=["out", "banned"])
def test_what_somebody_forgotten_appealed_with_is_gone(task, sanctioned):
    first = entrant(task, "first")
    made = sanctioned(first)
    appeal(made, by=member(first), text="I was ill.", file=io.BytesIO(b"proof"), name="doctor.txt")

    forget_said(member(first))

    made.refresh_from_db()
    assert (made.appeal, made.appeal_file.name) == ("–", "")
