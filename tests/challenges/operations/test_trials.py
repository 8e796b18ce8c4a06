"""Trying a task before anybody competes: what the platform hands in by itself, and that nothing of it stays."""

import io

import pytest

from dure.challenges.measures import Measure
from dure.challenges.models import Best, RoundDraft, Submission, TrialKind, TrialRun, Upload
from dure.challenges.operations.trials import clear_trials, drop_old_drafts, keep_labels, let_embed, try_task
from dure.core import clock
from dure.core.errors import Flawed
from dure.jobs.worker import drain
from tests.challenges.conftest import ACCURACY, START, make_task
from tests.factories import make_person

pytestmark = [pytest.mark.django_db(transaction=True)]
MEASURES = {
    "accuracy": (ACCURACY, 1.0), "log-loss": (Measure("log-loss", classes=("no", "yes")), 0.0),
    "auc": (Measure("auc", classes=("no", "yes")), 1.0),
}  # fmt: skip


def _tried(task, kind: TrialKind, **known) -> TrialRun:
    trial = try_task(task, kind, by=make_person(), **known)
    drain()
    trial.refresh_from_db()
    return trial


@pytest.mark.parametrize("name", MEASURES)
def test_a_perfect_submission_has_the_best_score_there_is(name: str) -> None:
    measure, best = MEASURES[name]
    trial = _tried(make_task(measure), TrialKind.PERFECT)

    assert (trial.state, trial.public_score, trial.final_score) == ("scored", pytest.approx(best), pytest.approx(best))
    assert trial.ms is not None


@pytest.mark.parametrize("name", MEASURES)
def test_a_random_one_is_scored_and_a_broken_one_is_refused_with_its_flaws(name: str) -> None:
    task = make_task(MEASURES[name][0])

    random, broken = _tried(task, TrialKind.RANDOM), _tried(task, TrialKind.BROKEN)

    assert (random.state, broken.state) == ("scored", "refused")
    assert {flaw["code"] for flaw in broken.flaws} == {"id-missing"}


def test_a_file_of_ones_own_is_judged_like_any_other() -> None:
    trial = _tried(make_task(), TrialKind.OWN_FILE, upload=io.BytesIO(b"id,label\n0,perhaps\n"))

    assert (trial.state, trial.cause is not None) == ("refused", True)


def test_without_a_file_of_ones_own_nothing_is_tried() -> None:
    with pytest.raises(Flawed):
        try_task(make_task(), TrialKind.OWN_FILE, by=make_person())


def test_nothing_of_a_trial_competes_and_clearing_leaves_nothing() -> None:
    task = make_task()
    _tried(task, TrialKind.PERFECT)
    before = Upload.objects.count()

    cleared = clear_trials(task)

    assert (cleared, TrialRun.objects.count(), before - Upload.objects.count()) == (1, 0, 1)
    assert (Submission.objects.count(), Best.objects.count()) == (0, 0)


def test_a_test_set_that_nobody_comes_back_for_goes_after_a_day() -> None:
    with clock.at(START):
        keep_labels(io.BytesIO(b"id,label\n1,a\n"), by=make_person(), name="labels.csv")

    assert (drop_old_drafts(), RoundDraft.objects.count(), Upload.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize(
    "written", ["http://example.org", "https://", "https://a.org; script-src *", "*", "https://a b"]
)
def test_sites_that_are_none_are_refused(written: str) -> None:
    with pytest.raises(Flawed):
        let_embed(make_task().round, [written])


def test_sites_are_kept_as_they_stand() -> None:
    sites = ["https://example.org", "https://*.example.org:8443", "https:"]

    assert let_embed(make_task().round, sites).ancestors == sites
