"""The organiser's labels: read strictly, cut alike every time, kept as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges.labels import Labels, Part, Split
from dure.challenges.metrics import Sort
from dure.core.errors import Flawed


def labels(data: bytes, *, split: Split | None = None, sort: Sort = Sort.LABELS, columns=("label",)) -> Labels:
    return Labels.read(data, id_column="id", columns=columns, sort=sort, split=split)


def csv_of(rows: int) -> bytes:
    return "".join(["id,label\n", *(f"{n},{'cat' if n % 10 else 'dog'}\n" for n in range(rows))]).encode()


def test_an_unsealed_rounds_labels_are_all_public():
    assert labels(csv_of(3)).parts == (Part.PUBLIC,) * 3


def test_the_same_seed_cuts_alike_whatever_the_order_of_the_file():
    header, *rows = csv_of(100).splitlines(keepends=True)
    one = labels(header + b"".join(rows), split=Split(share=0.3, seed=1))
    other = labels(header + b"".join(reversed(rows)), split=Split(share=0.3, seed=1))

    assert dict(zip(one.ids, one.parts, strict=True)) == dict(zip(other.ids, other.parts, strict=True))
    assert one.parts.count(Part.PUBLIC) == 30
    assert one.parts != labels(header + b"".join(rows), split=Split(share=0.3, seed=2)).parts


def test_a_stratified_cut_takes_the_share_of_each_class():
    read = labels(csv_of(200), split=Split(share=0.25, stratified=True))

    public = [cells[0] for cells, part in zip(read.cells, read.parts, strict=True) if part is Part.PUBLIC]
    assert (public.count("cat"), public.count("dog")) == (45, 5)


def test_a_column_part_says_where_each_row_belongs():
    read = labels(b"id,label,part\n1,a,public\n2,b,final\n", split=Split())

    assert read.parts == (Part.PUBLIC, Part.FINAL)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"id,label,part\n1,a,public\n2,b,private\n", [("part", 3, "part")]),
        (b"id,label\n1,a\n1,b\n", [("id-doubled", 3, "id")]),
        (b"id,label\n1,a\n,b\n2, \n", [("id-empty", 3, "id"), ("cell-empty", 4, "label")]),
        (b"id,label\n", [("rows-missing", None, None)]),
        (b"key,label\n1,a\n", [("header", 1, None)]),
    ],
)
def test_labels_that_are_not_in_order_are_refused_with_their_place(data, expected):
    with pytest.raises(Flawed) as refused:
        labels(data, split=Split())

    assert [(flaw["code"], flaw["row"], flaw["column"]) for flaw in refused.value.facts["errors"]] == expected


def test_labels_that_must_be_numbers_are_numbers():
    with pytest.raises(Flawed) as refused:
        labels(b"id,label\n1,2.5\n2,high\n", sort=Sort.NUMBERS)

    assert [(flaw["code"], flaw["row"]) for flaw in refused.value.facts["errors"]] == [("not-number", 3)]


def test_a_part_is_dumped_without_the_other():
    read = labels(b"id,label,part\n1,a,public\n2,b,final\n", split=Split())

    assert read.dump(Part.FINAL) == b"id,label\n2,b\n"


cell = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(cell, cell, st.sampled_from(Part)), min_size=1, max_size=20))
def test_what_is_kept_is_read_back_as_it_was(rows):
    ids, cells, parts = zip(*rows, strict=True)
    told = Labels(("label",), ids, tuple((one,) for one in cells), parts)

    assert Labels.kept(told.dump()) == told
