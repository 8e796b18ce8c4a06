"""A file is checked on one's own machine as on the platform: whatever the file, the same verdict in the same words."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.challenges.measures import Measure
from dure.challenges.models import Submission, Task
from dure.challenges.operations import add_task, open_round
from dure.challenges.predictions import Format
from dure.client import Checked, Refused
from dure.core.text import Text
from tests.challenges.conftest import judge, predictions
from tests.client.conftest import Desk, desk_in
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

IDS = ["1", "2", "10", "a,b", "두레", "1e3"]
TASKS = {
    "labels": (Measure("accuracy", classes=("cat", "dog")), ["cat", "dog"]),
    "any label": (Measure("f1-macro"), ["cat", "dog"]),
    "numbers": (Measure("rmsle"), ["1", "2.5"]),
    "chances": (Measure("log-loss", classes=("cat", "dog", "owl")), ["cat", "dog", "owl"]),
    "chance": (Measure("brier", classes=("cat", "dog")), ["cat", "dog"]),
}
CELLS = [
    "cat",
    "dog",
    "owl",
    "",
    " ",
    "0",
    "1",
    "0.5",
    "0.25",
    "-1",
    "1e3",
    "nan",
    "0,5",
    "１",
    "1_0",
    "x" * 500,
    "\t1",
]
GOOD = ["cat", "0", "1", "0.5"]


def files(header: list[str]) -> st.SearchStrategy[bytes]:
    """Files as people send them: nearly right ones, and whatever else there is."""
    heads = st.sampled_from([header, header[::-1], [*header, "more"], header[:1], ["", *header], IDS[:2]])
    cell = st.one_of(st.sampled_from(GOOD), st.sampled_from(CELLS))
    one = st.sampled_from([*IDS, "unknown", "", "01"])
    odd = st.lists(st.builds(lambda known, cells: [known, *cells], one, st.lists(cell, max_size=4)), max_size=40)
    width = len(header) - 1
    full = st.lists(cell, min_size=width, max_size=width)
    whole = st.permutations(IDS).flatmap(lambda ids: st.tuples(*[full.map(lambda own, i=i: [i, *own]) for i in ids]))
    texts = st.builds(
        _written, st.one_of(st.just(header), heads), st.one_of(whole, odd), st.sampled_from(",,;"),
        st.sampled_from(["\n", "\r\n", "\r"]),
    )  # fmt: skip
    encoded = st.builds(str.encode, texts, st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"]))
    return st.one_of(encoded, encoded, st.binary(max_size=80))


def _written(header: list[str], rows: list[list[str]], separator: str, end: str) -> str:
    lines = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in [header, *rows]]
    return end.join(map(separator.join, lines)) + end


def desk_for(measure: Measure, known: list[str]) -> Desk:
    """Somebody in a round whose test set has each of the known labels in turn."""
    rows = [f'"{one}",{known[place % len(known)]}\n' for place, one in enumerate(IDS)]
    labels = io.BytesIO("".join(["id,label\n", *rows]).encode())
    return desk_in(
        add_task(open_round(Text(ko="라운드", en="round"), by=make_person()), labels=labels, measure=measure)
    )


def verdict(desk: Desk, path: Path) -> Checked:
    """The platform's, read as participants read it."""
    receipt = desk.client().submit(desk.round, path)
    judge(Submission.objects.get(pk=receipt.id))
    return desk.client().submission(receipt.id).checked


@pytest.mark.parametrize("sort", TASKS)
def test_verdict_here_is_the_platforms_own(sort, tmp_path):
    desk = desk_for(*TASKS[sort])
    told = desk.client()._api.told(f"/tasks/{desk.round}/format")
    path = tmp_path / "predictions.csv"

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(files([told["id_column"], *told["columns"]]))
    def same(data: bytes) -> None:
        path.write_bytes(data)
        assert desk.client().check(desk.round, path) == verdict(desk, path)

    same()


def test_sound_file_has_no_flaw_on_either_side(desk: Desk, tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_bytes(b"\xef\xbb\xbf" + predictions().read())

    checked = desk.client().check(desk.round, path)

    assert checked == verdict(desk, path)
    assert (checked.cause, checked.flaws, [note.en[:10] for note in checked.notes]) == (None, [], ["The byte o"])


def test_file_above_the_bound_is_refused_in_the_same_words(desk: Desk, tmp_path):
    Task.objects.update(most_bytes=20)
    path = tmp_path / "predictions.csv"
    path.write_bytes(predictions().read())

    with pytest.raises(Refused) as refused:
        desk.client().submit(desk.round, path)

    assert desk.client().check(desk.round, path).cause.en == refused.value.text.en


def test_what_is_served_holds_ids_and_no_label(desk: Desk):
    desk.client().check(desk.round, __file__)

    told = desk.client()._api.told(f"/tasks/{desk.round}/format")

    assert told == {
        "id_column": "id", "columns": ["label"], "sort": "labels", "classes": ["no", "yes"], "least": -1e15,
        "most": 1e15, "sums_to_one": False, "most_bytes": 32 << 20, "ids": [str(number) for number in range(10)],
    }  # fmt: skip


def test_ids_are_served_in_an_order_that_does_not_follow_the_labels():
    rows = "".join(f"{one},{label}\n" for label, ones in (("cat", "9753"), ("dog", "8642")) for one in ones)
    round_ = open_round(Text(ko="라운드", en="round"), by=make_person())
    labels = io.BytesIO(f"id,label\n{rows}".encode())
    desk = desk_in(add_task(round_, labels=labels, measure=Measure("accuracy")))

    told = desk.client()._api.told(f"/tasks/{desk.round}/format")

    assert told["ids"] == list("23456789")


@given(
    st.builds(
        Format, st.text(), st.lists(st.text()), st.sampled_from(["labels", "numbers", "text"]), st.lists(st.text()),
        st.floats(allow_nan=False, max_value=0), st.floats(allow_nan=False, min_value=0), st.booleans(),
    )
)  # fmt: skip
def test_format_survives_the_way_through_json(form):
    assert Format.of(json.loads(json.dumps(form.as_dict()))) == form
