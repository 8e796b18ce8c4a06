"""Setting up a round: what does not go together is refused before anybody submits."""

import io
from dataclasses import replace

import pytest

from dure.challenges import files
from dure.challenges.labels import Labels, Part, Split
from dure.challenges.measures import Measure
from dure.challenges.models import Task, Upload
from dure.challenges.operations import add_task, close_round, open_round, set_window
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from tests.challenges.conftest import ACCURACY, CLOSE, START, labels, make_task
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TITLE = Text(ko="라운드", en="round")


def test_a_task_keeps_its_labels_and_their_parts():
    task = make_task()

    kept = Labels.kept(files.read(task.labels))
    assert (task.rows, task.columns, task.greater_is_better) == (10, ["label"], True)
    assert kept.parts.count(Part.PUBLIC) == 4


def test_probabilities_of_many_classes_are_asked_for_each_class():
    measure = Measure("log-loss", classes=("a", "b", "c"))
    labels = io.BytesIO(b"id,label\n1,a\n2,b\n3,c\n")

    task = add_task(open_round(TITLE, by=make_person()), labels=labels, measure=measure)

    assert (task.columns, task.greater_is_better) == (["a", "b", "c"], False)


@pytest.mark.parametrize(
    "measure",
    [
        Measure("auc"),
        Measure("brier", classes=("a", "b", "c")),
        Measure("own"),
        replace(ACCURACY, scorer=io.BytesIO(b"")),
        replace(ACCURACY, label_columns=("label", "other")),
        replace(ACCURACY, columns=("id",)),
        replace(ACCURACY, precision=13),
    ],
    ids=["no-classes", "three-classes", "no-scorer", "needless-scorer", "two-labels", "id-twice", "precision"],
)
def test_a_measure_that_does_not_go_together_is_refused(measure):
    with pytest.raises(Flawed) as refused:
        make_task(measure)

    assert refused.value.code == "challenges.measure"


def test_limits_are_those_of_a_box():
    with pytest.raises(Flawed, match="memory_bytes"):
        add_task(make_task().round, "other", labels=labels(), measure=ACCURACY, limits={"gpus": 8})


def test_labels_that_are_no_class_are_refused():
    with pytest.raises(Flawed, match="no class: no"):
        make_task(replace(ACCURACY, classes=("yes", "maybe")))


def test_a_part_on_which_the_metric_is_not_defined_is_refused():
    """AUC of one class: nobody could ever be scored."""
    data = io.BytesIO(b"id,label,part\n1,yes,public\n2,no,public\n3,yes,final\n")
    round_ = open_round(TITLE, by=make_person(), sealed=True)

    with pytest.raises(Refused) as refused:
        add_task(round_, labels=data, measure=Measure("auc", classes=("no", "yes")))

    assert (refused.value.code, refused.value.facts) == ("challenges.part", {"part": Part.FINAL})


def test_a_cut_that_leaves_the_public_part_empty_is_refused():
    round_ = open_round(TITLE, by=make_person(), sealed=True)

    with pytest.raises(Refused, match="The public part cannot be scored"):
        add_task(round_, labels=io.BytesIO(b"id,label\n1,yes\n"), measure=replace(ACCURACY, split=Split(share=0.1)))


def test_an_option_has_one_task_and_a_refused_one_leaves_no_file():
    task = make_task()

    with pytest.raises(Refused, match="has a task"):
        add_task(task.round, labels=labels(), measure=ACCURACY)

    assert Task.objects.count() == 1
    assert [path.name for path in files.path_of(task.labels).parents[1].glob("??/*")] == [
        upload.id.hex for upload in Upload.objects.all()
    ]


def test_a_round_cannot_close_before_it_opens():
    with pytest.raises(Refused, match="before the opening"):
        open_round(TITLE, by=make_person(), opens_at=CLOSE, closes_at=START)


def test_an_unknown_zone_is_refused():
    with pytest.raises(Refused, match="Atlantis"):
        open_round(TITLE, by=make_person(), zone="Asia/Atlantis")


def test_a_round_is_over_when_it_is_closed_and_not_when_it_goes_on():
    round_ = make_task().round
    with clock.at(START):
        assert not round_.is_over
        assert close_round(round_).is_over
        assert not set_window(round_, opens_at=START, closes_at=CLOSE).is_over
