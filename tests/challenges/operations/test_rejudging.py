"""Judging again is a proposal: beside the verdicts in force, looked at, then applied wholly or discarded."""

import io

import pytest

from dure.audit.models import AuditText
from dure.challenges import files
from dure.challenges.labels import Labels, Part
from dure.challenges.measures import Measure
from dure.challenges.metrics import OWN
from dure.challenges.models import (
    Best,
    NewVerdict,
    PlaceChange,
    Proposal,
    ProposalState,
    Submission,
    SubmissionState,
    Task,
)
from dure.challenges.operations import choose
from dure.challenges.operations.applying import apply, discard
from dure.challenges.operations.proposing import Wanted, propose, propose_version
from dure.challenges.operations.rejudging import catch_up, collect, finish, judge_failed_again, record_new
from dure.challenges.outcomes import Broken, Faulty, Measured
from dure.challenges.queries.rejudging import changes, verdict_changes
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.jobs.models import Job
from dure.jobs.operations import cancel
from dure.jobs.worker import drain
from tests.challenges.conftest import (
    IDS,
    PUBLIC,
    TRUTH,
    make_entrant,
    make_task,
    member,
    offer,
    scored,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
TURNED = {"yes": "no", "no": "yes"}


def organiser(task: Task):
    return task.round.organisers.get()


def turned_labels() -> Wanted:
    """Every label the other way round, without parts: who had everything right has everything wrong."""
    return Wanted(labels=io.BytesIO("".join(["id,label\n", *(f"{i},{TURNED[TRUTH[i]]}\n" for i in IDS)]).encode()))


def proposed(task: Task, wanted: Wanted | None = None) -> Proposal:
    return propose(task, wanted or turned_labels(), by=organiser(task), why="labels were swapped")


def ready(task: Task, wanted: Wanted | None = None) -> Proposal:
    proposal = proposed(task, wanted)
    drain()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.READY
    return proposal


def verdicts(task: Task) -> list[tuple[int, str, float | None, float | None]]:
    rows = Submission.objects.filter(entrant__task=task).order_by("pk")
    return list(rows.values_list("number", "state", "public_score", "final_score"))


def board(task: Task) -> list[str]:
    rows = Best.objects.filter(task=task).order_by("final_rank", "final_at")
    return list(rows.values_list("entrant__title", flat=True))


@pytest.fixture
def task() -> Task:
    """“right” leads with everything right, “wrong” has everything wrong."""
    made = make_task()
    scored(make_entrant(made, title="right"), 4, 6)
    scored(make_entrant(made, title="wrong"), 0, 0)
    return made


def test_a_proposal_changes_nothing_of_the_live_task(task):
    before = verdicts(task), board(task), Task.objects.values().get(pk=task.pk)

    ready(task)

    assert (verdicts(task), board(task), Task.objects.values().get(pk=task.pk)) == before


def test_every_submission_is_judged_beside_its_old_verdict(task):
    proposal = ready(task)

    found = list(proposal.verdicts.order_by("submission").values_list("state", "public_score", "final_score"))
    assert found == [("scored", 0.0, 0.0), ("scored", 1.0, 1.0)]
    assert (proposal.collected, proposal.judged) == (2, 2)


def test_every_change_of_place_and_score_is_told(task):
    proposal = ready(task)

    told = [
        (row.entrant.title, row.change, row.old_final_place, row.final_place, row.old_final_score, row.final_score)
        for row in changes(proposal)
    ]
    assert told == [("wrong", "up", 2, 1, 0.0, 1.0), ("right", "down", 1, 2, 1.0, 0.0)]
    assert proposal.moved == {"up": 1, "down": 1, "enters": 0, "leaves": 0}
    assert [row.change for row in changes(proposal, only="up")] == ["up"]


def test_new_labels_of_the_same_rows_are_cut_as_the_old_ones_were(task):
    proposal = ready(task)

    new = proposal.after.as_task.labels
    kept = Labels.kept(files.read(new))
    assert {one for one, part in zip(kept.ids, kept.parts, strict=True) if part is Part.PUBLIC} == PUBLIC


def test_applying_replaces_verdicts_and_boards_at_once(task):
    proposal, version = ready(task), Task.objects.get(pk=task.pk).board_version

    apply(proposal, by=organiser(task))

    assert verdicts(task) == [(1, "scored", 0.0, 0.0), (1, "scored", 1.0, 1.0)]
    assert board(task) == ["wrong", "right"]
    live = Task.objects.get(pk=task.pk)
    assert (live.board_version, live.labels_id) == (version + 1, proposal.after.labels_id)
    told = [(row.old_public_score, row.public_score) for row in proposal.verdicts.order_by("submission")]
    assert told == [(1.0, 0.0), (0.0, 1.0)]


def test_what_is_submitted_afterwards_is_scored_by_the_new_version(task):
    apply(ready(task), by=organiser(task))

    late = scored(make_entrant(Task.objects.get(pk=task.pk)), 4, 6)

    assert (late.public_score, late.final_score) == (0.0, 0.0)


def test_applying_waits_for_submissions_that_came_in_meanwhile(task):
    proposal = ready(task)
    late = offer(make_entrant(task, title="late"))

    with pytest.raises(Refused) as refused:
        apply(proposal, by=organiser(task))

    assert (refused.value.code, refused.value.facts) == ("rejudging.newcomers", {"newcomers": 1})
    assert Task.objects.get(pk=task.pk).labels_id == task.labels_id
    catch_up()
    drain()
    proposal.refresh_from_db()
    apply(proposal, by=organiser(task))
    late.refresh_from_db()
    assert (late.state, late.public_score) == ("scored", 0.0)


def test_a_submission_that_was_waiting_has_its_new_verdict_and_no_other(task):
    late = offer(make_entrant(task, title="late"))
    proposal = proposed(task)
    drain(tasks=["challenges.collect", "challenges.rejudge", "challenges.finish-rejudging"])
    proposal.refresh_from_db()

    apply(proposal, by=organiser(task))
    drain()

    late.refresh_from_db()
    assert (late.state, late.public_score) == ("scored", 0.0)


def test_an_attempt_that_was_chosen_still_counts(task):
    entrant = make_entrant(task, title="chooses")
    weak = scored(entrant, 1, 6)
    scored(entrant, 4, 0)
    choose(weak, by=member(entrant))

    apply(ready(task), by=organiser(task))

    best = Best.objects.get(entrant=entrant)
    assert (best.counting_id, best.chosen) == (weak.pk, True)


def test_discarding_leaves_everything_and_ends_the_work(task):
    before, proposal = verdicts(task), proposed(task)

    discard(proposal, by=organiser(task))
    drain()

    assert verdicts(task) == before
    assert Proposal.objects.get().state == ProposalState.DISCARDED
    with pytest.raises(Refused):
        apply(proposal, by=organiser(task))


def test_an_applied_proposal_is_undone_by_proposing_the_kept_version(task):
    before, proposal = verdicts(task), ready(task)
    apply(proposal, by=organiser(task))

    back = propose_version(proposal.before, by=organiser(task), why="it was right before")
    drain()
    back.refresh_from_db()
    apply(back, by=organiser(task))

    assert verdicts(task) == before
    assert (back.before_id, back.after_id) == (proposal.after_id, proposal.before_id)
    assert Task.objects.get(pk=task.pk).labels_id == task.labels_id


def test_the_log_has_the_hashes_of_all_verdicts_before_and_after(task):
    proposal = ready(task)
    apply(proposal, by=organiser(task))

    told = AuditText.objects.get(row__action="rejudging.applied")
    assert '"verdicts":"' in told.before
    assert told.before != told.after


def test_one_proposal_of_a_task_is_open_at_a_time(task):
    proposed(task)

    with pytest.raises(Refused) as refused:
        proposed(task)

    assert refused.value.code == "rejudging.open"
    assert Proposal.objects.count() == 1


def test_what_changes_nothing_is_no_proposal(task):
    again = Wanted(labels=io.BytesIO(files.read(task.labels)))

    with pytest.raises(Refused) as refused:
        proposed(task, again)

    assert refused.value.code == "rejudging.same"


def test_only_organisers_propose_apply_and_discard(task):
    stranger = member(task.entrants.first())
    proposal = ready(task)

    for act in (
        lambda: propose(task, turned_labels(), by=stranger, why="x"),
        lambda: apply(proposal, by=stranger),
        lambda: discard(proposal, by=stranger),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_proposal_says_why(task):
    with pytest.raises(Flawed):
        propose(task, turned_labels(), by=organiser(task), why=" ")


def test_another_metric_is_checked_on_the_labels_there_are(task):
    other = Measure("f1", classes=("no", "yes"))

    proposal = ready(task, Wanted(measure=other))

    assert (proposal.after.metric, proposal.after.labels_id) == ("f1", task.labels_id)
    assert [row.state for row in proposal.verdicts.all()] == ["scored", "scored"]


def test_a_task_that_was_changed_otherwise_meanwhile_is_not_overwritten(task):
    proposal = ready(task)
    Task.objects.filter(pk=task.pk).update(limits={"cpu_seconds": 3})

    with pytest.raises(Refused) as refused:
        apply(proposal, by=organiser(task))

    assert refused.value.code == "rejudging.drifted"


def test_a_new_verdict_that_is_delivered_twice_counts_once(task):
    proposal = proposed(task)
    collect(proposal.pk)
    first, second = proposal.verdicts.order_by("pk")

    record_new(first.pk, Measured(0.5, 0.5))
    record_new(first.pk, Measured(0.9, 0.9))

    first.refresh_from_db()
    proposal.refresh_from_db()
    assert (first.public_score, proposal.judged, proposal.state) == (0.5, 1, "judging")
    record_new(second.pk, Broken(Text(ko="형식", en="format")))
    finish(proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.judged, proposal.state) == (2, "ready")


def test_a_scorer_that_fails_cannot_be_applied_and_is_tried_again(task):
    proposal = proposed(task)
    collect(proposal.pk)
    first, second = proposal.verdicts.order_by("pk")
    record_new(first.pk, Faulty(Text(ko="오류", en="broke"), organiser_log="trace"))
    record_new(second.pk, Measured(1.0, 1.0))
    finish(proposal.pk)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.FAILED
    with pytest.raises(Refused):
        apply(proposal, by=organiser(task))

    judge_failed_again(proposal, by=organiser(task))
    drain()

    proposal.refresh_from_db()
    assert (proposal.state, proposal.judged) == (ProposalState.READY, 2)


def test_a_job_that_will_run_no_more_ends_its_verdict(task):
    proposal = proposed(task)
    collect(proposal.pk)
    for job in Job.objects.filter(task="challenges.rejudge"):
        cancel(job)

    catch_up()
    finish(proposal.pk)

    proposal.refresh_from_db()
    assert {row.state for row in NewVerdict.objects.all()} == {"failed"}
    assert proposal.state == ProposalState.FAILED


def test_who_has_nothing_left_that_holds_leaves_the_board(task):
    proposal = proposed(task)
    collect(proposal.pk)
    first, second = proposal.verdicts.order_by("pk")
    record_new(first.pk, Broken(Text(ko="형식", en="format")))
    record_new(second.pk, Measured(0.0, 0.0))
    finish(proposal.pk)
    proposal.refresh_from_db()

    apply(proposal, by=organiser(task))

    assert board(task) == ["wrong"]
    assert dict(PlaceChange.objects.values_list("entrant__title", "change")) == {"right": "left", "wrong": "up"}
    assert [(row.was_state, row.state) for row in verdict_changes(proposal)] == [("scored", "refused")]
    assert Submission.objects.filter(state=SubmissionState.REFUSED).get().cause == Text(ko="형식", en="format")


def test_a_scorer_of_ones_own_is_replaced():
    scorer = io.BytesIO(b"print(0.25)")
    own = Measure(OWN, scorer=scorer)
    task = make_task(own)
    judge_by = Wanted(measure=Measure(OWN, scorer=io.BytesIO(b"print(0.75)")))

    proposal = proposed(task, judge_by)

    assert proposal.after.scorer_id != task.scorer_id
    assert proposal.after.labels_id == task.labels_id
