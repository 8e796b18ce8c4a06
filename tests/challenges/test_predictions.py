"""Prediction files as people send them: what is taken, and what is said of the others, with its place."""

import gzip
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges.metrics import Sort
from dure.challenges.predictions import Format, read_predictions
from dure.challenges.tables import MOST_TOLD
from dure.core.errors import Flawed

IDS = ["a", "b", "c"]
NUMBERS = Format("id", ["value"], Sort.NUMBERS, least=-1e15, most=1e15)
CHANCE = Format("id", ["value"], Sort.PROBABILITIES, ["no", "yes"], least=0, most=1)
CLASSES = Format("id", ["label"], Sort.LABELS, ["cat", "dog"])
CHANCES = Format("id", ["cat", "dog", "owl"], Sort.PROBABILITIES, ["cat", "dog", "owl"], 0, 1, sums_to_one=True)
GOOD = b"id,value\na,1\nb,2.5\nc,-3e2\n"


def found(data: bytes, form: Format = NUMBERS, ids: list[str] = IDS) -> list[tuple[str, int | None, str | None]]:
    """Each flaw's code, row and column."""
    with pytest.raises(Flawed) as refused:
        read_predictions(data, form, ids)
    return [(flaw["code"], flaw["row"], flaw["column"]) for flaw in refused.value.facts["errors"]]


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"id,value\nc,-300\na,1.0\nb,+2.5\n",
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        GOOD.rstrip(b"\n"),
        GOOD + b"\n\n",
        b'"id","value"\n"a","1"\n"b","2.5"\n"c","-300."\n',
        b"id,value\na,1e0\nb,25E-1\nc,-.3e+3\n",
        b"id,value\n\na,1\n\nb,2.5\nc,-300\n",
    ],
    ids=[
        "plain",
        "shuffled",
        "bom",
        "crlf",
        "cr",
        "no-last-newline",
        "blank-end",
        "quoted",
        "exponents",
        "blank-lines",
    ],
)
def test_files_that_mean_the_same_are_read_the_same(data):
    assert read_predictions(data, NUMBERS, IDS).values.tolist() == [[1.0], [2.5], [-300.0]]


def test_a_byte_order_mark_is_said():
    assert [note.en for note in read_predictions(b"\xef\xbb\xbf" + GOOD, NUMBERS, IDS).notes] == [
        "The byte order mark at the start of the file was skipped."
    ]


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("predictions.csv"), GOOD)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [("empty", None, None)]),
        (b"  \n", [("empty", None, None)]),
        (b"\xef\xbb\xbf", [("empty", None, None)]),
        (zipped(), [("archive", None, None)]),
        (gzip.compress(GOOD, mtime=0), [("archive", None, None)]),
        (GOOD.decode().encode("utf-16"), [("encoding", 1, None)]),
        ("id,value\na,1\nb,값\n".encode("cp949"), [("encoding", 3, None)]),
        (b"id,value\r\na,1\r\nb,\xff\r\n", [("encoding", 3, None)]),
        (b"id,value\na,1\nb,\0\n", [("nul", 3, None)]),
        (b'id,value\na,1\nb,"2\nc,3\n', [("quote", 3, None)]),
        (b'id,value\na,"1"2\nb,2\nc,3\n', [("quote", 2, None)]),
        (b"id;value\na;1\nb;2\nc;3\n", [("delimiter", 1, None)]),
        (b"id\tvalue\na\t1\nb\t2\nc\t3\n", [("delimiter", 1, None)]),
        (b"a,1\nb,2\nc,3\n", [("header-missing", 1, None)]),
        (b",id,value\n0,a,1\n1,b,2\n2,c,3\n", [("header-index", 1, None)]),
        (b"ID,value\na,1\nb,2\nc,3\n", [("header", 1, None)]),
        (b"value,id\n1,a\n2,b\n3,c\n", [("header", 1, None)]),
        (b"id, value\na,1\nb,2\nc,3\n", [("header", 1, None)]),
        (b"id,value,value\na,1,1\nb,2,2\nc,3,3\n", [("header", 1, None)]),
        (b"# made by me\nid,value\na,1\nb,2\nc,3\n", [("header", 1, None)]),
        (b"id,value\na,1\nb\nc,3,4\n", [("cells", 3, None), ("cells", 4, None)]),
        (b"id,value\na,1\nb,2\n", [("id-missing", None, "id")]),
        (b"id,value\n", [("id-missing", None, "id")] * 3),
        (b"id,value\na,1\nb,2\nb,2\nc,3\n", [("id-doubled", 4, "id")]),
        (b"id,value\na,1\nb,2\nd,2\nc,3\n", [("id-unknown", 4, "id")]),
        (b"id,value\na,1\n b,2\nc,3\n", [("id-unknown", 3, "id"), ("id-missing", None, "id")]),
        (b"id,value\na,1\n,2\nc,3\n", [("id-empty", 3, "id"), ("id-missing", None, "id")]),
        (b'id,value\n"a\n",1\nb,2\nc,3\n', [("id-unknown", 2, "id"), ("id-missing", None, "id")]),
        (b'id,value\na,"1\n"\nb,x\nc,3\n', [("blanks", 2, "value"), ("not-number", 4, "value")]),
        (b"id,value\na,\nb,2\nc,3\n", [("cell-empty", 2, "value")]),
        (b"id,value\na,nan\nb,2\nc,3\n", [("not-finite", 2, "value")]),
        (b"id,value\na,1\nb,-Infinity\nc,3\n", [("not-finite", 3, "value")]),
        (b"id,value\na,1\nb,1e999\nc,3\n", [("not-finite", 3, "value")]),
        (b"id,value\na,1_0\nb,2\nc,3\n", [("not-number", 2, "value")]),
        (b"id,value\na,0x10\nb,True\nc,1d5\n", [("not-number", row, "value") for row in (2, 3, 4)]),
        ("id,value\na,１２\nb,2\nc,3\n".encode(), [("full-width", 2, "value")]),
        ("id,value\na,٣\nb,−2\nc,3\n".encode(), [("not-number", 2, "value"), ("not-number", 3, "value")]),
        (b'id,value\na,"0,5"\nb,2\nc,3\n', [("decimal-comma", 2, "value")]),
        (b"id,value\na,1\nb, 2\nc,3 \n", [("blanks", 3, "value"), ("blanks", 4, "value")]),
        (b"id,value\na,=1+1\nb,1%\nc,$3\n", [("not-number", row, "value") for row in (2, 3, 4)]),
        (b"id,value\na,1e16\nb,2\nc,3\n", [("bounds", 2, "value")]),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_said_with_its_place(data, expected):
    assert found(data) == expected


def test_ids_are_compared_as_text_so_that_a_lost_leading_zero_is_seen():
    assert found(b"id,value\n7,1\n", ids=["007"]) == [("id-unknown", 2, "id"), ("id-missing", None, "id")]


def test_a_probability_lies_between_zero_and_one():
    assert found(b"id,value\na,0\nb,1.01\nc,-0.5\n", CHANCE) == [("bounds", 3, "value"), ("bounds", 4, "value")]


def test_the_probabilities_of_a_row_add_up_to_one():
    data = b"id,cat,dog,owl\na,0.2,0.3,0.5\nb,0.333,0.333,0.333\nc,0.5,0.5,0.5\n"

    assert found(data, CHANCES) == [("sum", 4, None)]


def test_a_class_that_is_not_there_is_said_where_the_task_lists_its_classes():
    assert found(b"id,label\na,cat\nb,Dog\nc,dog \n", CLASSES) == [("class", 3, "label"), ("class", 4, "label")]


def test_classes_are_free_where_the_task_lists_none():
    data = b'id,label\na,cat\nb,"a, ""b"""\nc,=x\n'

    assert read_predictions(data, Format("id", ["label"], Sort.LABELS), IDS).values[:, 0].tolist() == [
        "cat",
        'a, "b"',
        "=x",
    ]


def test_the_first_flaws_are_told_and_all_are_counted():
    ids = [str(number) for number in range(1000)]
    data = "id,value\n" + "".join(f"{one},x\n" for one in ids)

    with pytest.raises(Flawed) as refused:
        read_predictions(data.encode(), NUMBERS, ids)

    assert len(refused.value.facts["errors"]) == MOST_TOLD
    assert refused.value.facts["total"] == 1000


def test_sentences_name_what_was_found_in_both_languages():
    with pytest.raises(Flawed) as refused:
        read_predictions(b"id,value\na,1\nb,2\nb,3\nc,4\n", NUMBERS, IDS)

    assert refused.value.facts["errors"] == [
        {
            "code": "id-doubled",
            "row": 4,
            "column": "id",
            "ko": "id ‘b’가 3행에 이미 있습니다. 하나만 남기세요.",
            "en": "Id b is in row 3 already. Keep one of them.",
        }
    ]


def test_control_signs_in_a_file_do_not_reach_the_verdict():
    with pytest.raises(Flawed) as refused:
        read_predictions(b"id,value\na,\x1b[31m\nb,2\nc,3\n", NUMBERS, IDS)

    assert refused.value.facts["errors"][0]["en"] == "\\x1b[31m is not a number. Write it like 0.5 or 1e-3."


@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=30), st.randoms())
def test_every_order_of_rows_gives_the_values_in_the_order_of_the_test_set(values, random):
    rows = [f"{place},{value!r}" for place, value in enumerate(values)]
    random.shuffle(rows)
    data = "\n".join(["id,value", *rows]).encode()

    read = read_predictions(data, NUMBERS, [str(place) for place in range(len(values))])

    assert np.array_equal(read.values[:, 0], np.array(values))


@given(st.binary(max_size=60))
def test_no_bytes_at_all_break_the_reading(data):
    with pytest.raises(Flawed):
        read_predictions(data, NUMBERS, IDS)
