"""Rounds that leave as Codabench bundles: they import back, and score as they did here."""

import io
from dataclasses import replace

import pytest

from dure.bundles import read
from dure.challenges.contracts import Judged, Part, Rules, judge
from dure.challenges.labels import Split
from dure.challenges.measures import Measure
from dure.challenges.models import Submission, Task
from dure.challenges.operations import add_task, open_round
from dure.challenges.scoring import Measured, outcome_of
from dure.compute.box import Level
from dure.compute.operations import use_for_images
from dure.compute.proof import proof
from dure.core.errors import Refused
from dure.core.text import Text
from dure.joints.importing import export_task, import_bundle
from dure.joints.models import ImportedBundle
from tests.bundles.samples import challenge, flowers
from tests.challenges.bundled import folder
from tests.challenges.conftest import ACCURACY, START, labels, make_entrant, offer, predictions
from tests.challenges.test_scoring import SCORER
from tests.factories import make_organisation, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]


@pytest.fixture(autouse=True)
def _setting(settings, tmp_path):
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level: " + "; ".join(one.detail for one in proof().broken))
    settings.MEDIA_ROOT = tmp_path / "files"
    use_for_images("codalab/*", None)


def imported(path, **known):
    return import_bundle(path, by=make_person(), host=make_organisation(), chosen=True, **known)


@pytest.mark.parametrize("name", ["out.zip", "out"])
def test_an_imported_round_leaves_and_comes_back_equal(tmp_path, name):
    imported(flowers(tmp_path / "bundle"))
    first = read(tmp_path / "bundle", tmp_path / "first").competition
    phase = first.phases[0]

    losses = export_task(Task.objects.get(round_task__stage="phase-1"), tmp_path / name)

    back = read(tmp_path / name, tmp_path / "back")
    assert losses == ()
    assert [finding for finding in back.findings if finding.stops] == []
    assert back.competition == replace(first, phases=(phase,))
    assert imported(tmp_path / name).fresh


def test_an_imported_challenge_leaves_as_a_bundle_that_is_taken_in(tmp_path):
    imported(challenge(tmp_path / "bundle"))

    losses = export_task(Task.objects.get(round_task__stage="phase-1"), tmp_path / "out.zip")

    assert losses
    again = imported(tmp_path / "out.zip", dry_run=True)
    assert not again.trial.stops, [finding.say("en") for finding in again.findings]


@pytest.mark.parametrize("scorer", [None, SCORER])
def test_a_round_made_here_is_scored_elsewhere_as_here(tmp_path, scorer):
    own = io.BytesIO(scorer.encode()) if scorer else None
    measure = Measure("own", greater_is_better=False, split=Split(), scorer=own) if own else ACCURACY
    round_ = open_round(Text(ko="라운드", en="round"), by=make_person(), opens_at=START, sealed=True, daily=4)
    task = add_task(round_, labels=labels(), measure=measure)
    here = outcome_of(offer(make_entrant(task), predictions(3, 4)))

    export_task(task, tmp_path / "out")

    data = folder(tmp_path / "submission", {"predictions.csv": predictions(3, 4).getvalue().decode()})
    (tmp_path / "work").mkdir()
    part = Part(tmp_path / "out" / "scoring_program", tmp_path / "out" / "reference_data")
    there = judge(part, data, rules=Rules(), work=tmp_path / "work")
    assert isinstance(there, Judged), there
    assert isinstance(here, Measured)
    assert {key: float(value) for key, value in there.values.items()} == pytest.approx(
        {"score": here.public, "final": here.final}, abs=1e-6
    )
    back = read(tmp_path / "out", tmp_path / "back")
    assert [finding for finding in back.findings if finding.stops] == []
    assert (back.competition.phases[0].limits.per_day, back.competition.phases[0].start) == (4, START)


def test_programs_without_their_bundle_cannot_leave(tmp_path):
    imported(flowers(tmp_path / "bundle"))
    ImportedBundle.objects.all().delete()

    with pytest.raises(Refused) as refusal:
        export_task(Task.objects.get(round_task__stage="phase-1"), tmp_path / "out.zip")

    assert refusal.value.code == "export.programs"
    assert not (tmp_path / "out.zip").exists()
    assert Submission.objects.count() == 0


def test_output_that_is_hidden_stays_hidden_there_and_back(tmp_path):
    def secretive(told: dict) -> None:
        told["phases"][0]["hide_output"] = True

    done = imported(flowers(tmp_path / "bundle", secretive))
    first = Task.objects.get(round_task__programme=done.programme, round_task__stage="phase-1")
    export_task(first, tmp_path / "out")
    again = read(tmp_path / "out", tmp_path / "read").competition

    assert first.round.own_logs is False
    assert [phase.hide_output for phase in again.phases] == [True]
