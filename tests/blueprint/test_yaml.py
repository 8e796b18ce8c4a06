"""The strict reader: what a word is, where it stands, and that nothing whatever makes it fall over."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.blueprint.document import Document, Flaws, Mark, Scalar, Table
from dure.blueprint.lint import lint_text
from dure.blueprint.yaml import read_document
from tests.blueprint.marked import ALONE
from tests.conftest import ROOT

FILES = [
    path.read_bytes() for folder in ("blueprints", "programmes", "agreements") for path in (ROOT / folder).glob("*")
]


def value(text: str) -> object:
    node = read_document(f"a: {text}\n".encode(), "f").find(("a",))
    assert isinstance(node, Scalar)
    return node.value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("0.5", 0.5),
        ("1.0", 1.0),
        ("on", "on"),
        ("yes", "yes"),
        ("True", "True"),
        ("NULL", "NULL"),
        ("007", "007"),
        ("+5", "+5"),
        (".5", ".5"),
        ("5.", "5."),
        ("1e5", "1e5"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("12:30", "12:30"),
        ("2024-05-31", "2024-05-31"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("''", ""),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_only_plain_words_numbers_and_flags_are_not_text(text, read):
    assert (value(text), type(value(text))) == (read, type(read))


def test_block_text_is_text():
    assert read_document(b"a: |\n  12\n", "f").find(("a",)) == Scalar("12\n", plain=False, mark=Mark(1, 4))


def test_places_are_counted_from_one_in_characters():
    document = read_document("가: 나\nlist:\n  - {k: 한글, second: x}\n".encode(), "f")
    places = (document.place(("가",)), document.key(("list",)), document.key(("list", 0, "second")))
    assert places == (Mark(1, 4), Mark(2, 1), Mark(3, 13))


def test_place_of_what_is_left_out_is_the_mapping_that_lacks_it():
    document = read_document(b"a:\n  b: 1\n", "f")
    assert (document.place(("a", "c", "d")), document.key(("x",))) == (Mark(2, 3), Mark(1, 1))


def test_byte_order_mark_moves_nothing():
    assert read_document(b"\xef\xbb\xbfa: 1\n", "f").place(("a",)) == Mark(1, 4)


def test_keys_are_text_whatever_they_look_like():
    assert list(read_document(b"1: a\ntrue: b\n~: c\n", "f").root.entries) == ["1", "true", "~"]


def test_twenty_levels_are_read_and_one_more_is_not():
    twenty = b"a: " + b"[" * 19 + b"1" + b"]" * 19
    assert isinstance(read_document(twenty, "f"), Document)
    with pytest.raises(Flaws) as caught:
        read_document(twenty.replace(b"1", b"[1]"), "f")
    assert [flaw.code for flaw in caught.value.flaws] == ["BP005"]


def test_one_mebibyte_is_read_and_one_byte_more_is_not():
    source = b"a: 1\n#" + b"x" * (1024 * 1024 - 6)
    assert isinstance(read_document(source, "f").root, Table)
    with pytest.raises(Flaws):
        read_document(source + b"x", "f")


def answered(source: bytes) -> bool:
    """Whether every flaw stands inside the file and says something in both languages."""
    lines = source.count(b"\n") + source.count(b"\r") + 4 * source.count(b"\xe2\x80") + source.count(b"\xc2\x85") + 2
    flaws = lint_text(source, "f", ALONE)
    return all(1 <= f.line <= lines and f.column >= 1 and f.text.ko and f.text.en for f in flaws)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(source):
    assert answered(source)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab:-{}[]&*!|>'\"#%@`,? \n\t~<é\u2028\x85", max_size=60))
def test_any_signs_are_answered(text):
    assert answered(text.encode())


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_any_change_to_a_real_file_is_answered(source, data):
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 40))
    put = data.draw(
        st.one_of(st.binary(max_size=8), st.sampled_from([b": ", b"\n", b"  ", b"[]", b"{}", b"null", b"-1", b"'"]))
    )
    assert answered(source[:start] + put + source[start + length :])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_any_line_lost_or_moved_is_answered(source, data):
    lines = source.splitlines(keepends=True)
    taken = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    if data.draw(st.booleans()):
        lines.insert(data.draw(st.integers(0, len(lines))), taken)
    assert answered(b"".join(lines))
