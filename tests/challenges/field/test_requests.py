"""Requests of a service as they are told, and which of them a share includes."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges.field.requests import Shadow, Unreadable, answered, is_sampled, loaded, shadow, shadows_in
from dure.core.errors import Flawed

LABEL = ["label"]
IDS = st.text(min_size=1, max_size=40)
SEEDS = st.integers(0, 2**31 - 1)


def lines(*told: object) -> io.BytesIO:
    return io.BytesIO("".join(f"{json.dumps(one)}\n" for one in told).encode())


def read(stream: io.BytesIO, *, name="a.jsonl", columns=LABEL) -> list[Shadow]:
    return list(shadows_in(stream, name=name, columns=columns))


def flaws(stream: io.BytesIO, **known) -> list[int]:
    with pytest.raises(Flawed) as flawed:
        read(stream, **known)
    return [flaw["row"] for flaw in flawed.value.facts["rows"]]


@given(IDS, SEEDS, st.integers(1, 100), st.integers(1, 100))
def test_who_is_in_a_share_is_in_every_larger_one(one, seed, first, second):
    small, large = sorted((first, second))

    assert is_sampled(one, seed=seed, share=large) or not is_sampled(one, seed=seed, share=small)


@given(IDS, SEEDS)
def test_a_hundred_percent_are_all_and_the_draw_is_always_the_same(one, seed):
    assert is_sampled(one, seed=seed, share=100)
    assert len({is_sampled(one, seed=seed, share=37) for _ in range(3)}) == 1


@pytest.mark.parametrize("share", [1, 10, 50])
def test_a_share_is_as_large_as_it_says(share):
    many = sum(is_sampled(str(n), seed=7, share=share) for n in range(20_000))

    assert abs(many / 20_000 - share / 100) < 0.01


def test_a_file_of_lines_tells_input_answer_truth_and_time():
    told = {"id": 7, "input": {"text": "안녕", "n": 1.5}, "answer": "yes", "truth": ["no"], "service_ms": 12.4}

    assert read(lines(told)) == [Shadow("7", {"text": "안녕", "n": 1.5}, ("yes",), ("no",), 12)]


def test_a_table_keeps_every_other_column_as_the_input():
    table = io.BytesIO("\ufeffid,text,answer.a,answer.b,truth.a,truth.b,service_ms\nx,hi,1,2,,,\n".encode())

    found = read(table, name="a.CSV", columns=["a", "b"])

    assert found == [Shadow("x", {"text": "hi"}, ("1", "2"))]


def test_every_flaw_is_told_with_its_row():
    told = lines(
        {"id": "a", "input": {}},
        {"id": "a", "input": {}},
        {"id": "", "input": {}},
        {"id": "b"},
        {"id": "c", "input": {}, "answer": {"other": 1}},
        {"id": "d", "input": {}, "service_ms": -1},
        {"id": "e", "input": {"nul": "\0"}},
        ["id"],
    )

    assert flaws(told) == [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("data", "name", "rows"),
    [
        (b"", "a.jsonl", [1]),
        (b"text\nhi\n", "a.csv", [1]),
        (b"id,text\nx\n", "a.csv", [2]),
        (b"\xff\xfe", "a.jsonl", [1]),
        (b'{"id": "a", "input": {"n": 1e999}}\n', "a.jsonl", [1]),
        (b'{"id": "a", "input": {"half": "\\ud800"}}\n', "a.jsonl", [1]),
    ],
)
def test_what_is_no_file_of_requests_is_refused(data, name, rows):
    assert flaws(io.BytesIO(data), name=name) == rows


TEXTS = st.text("xy나", max_size=3)
SHADOWS = st.builds(
    Shadow, st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True), st.dictionaries(TEXTS, st.integers()),
    st.none() | st.tuples(TEXTS), st.none() | st.tuples(TEXTS), st.none() | st.integers(0, 10**6),
)  # fmt: skip


@given(SHADOWS)
def test_a_line_is_read_back_as_it_was(one):
    assert shadow(loaded(one.line()), LABEL) == one


def test_answers_that_come_later_fill_in_what_was_not_told():
    asked = Shadow("a", {}, truth=("no",), ms=3)

    assert answered(asked, {"answer": "yes"}, LABEL) == Shadow("a", {}, ("yes",), ("no",), 3)
    with pytest.raises(Unreadable):
        answered(asked, {"answer": ["yes", "no"]}, LABEL)
