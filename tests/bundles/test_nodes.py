"""YAML as the other platforms read it, with places and without harm."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.bundles.findings import Findings, Place
from dure.bundles.nodes import read_yaml


def read(source):
    findings = Findings()
    return read_yaml(source, "competition.yaml", findings), [(one.code, one.place.line) for one in findings]


def plain(node):
    if isinstance(node.value, dict):
        return {name: plain(one) for name, one in node.value.items()}
    return [plain(one) for one in node.value] if isinstance(node.value, list) else node.value


def test_every_value_has_its_place_and_its_sort():
    node, found = read(b"title: x\nphases:\n  - start: 2030-01-02\n    hidden: yes\n    limit: 5\n")

    assert plain(node) == {"title": "x", "phases": [{"start": dt.date(2030, 1, 2), "hidden": True, "limit": 5}]}
    assert node.value["phases"].value[0].value["limit"].place == Place("competition.yaml", 5, 12)
    assert found == []


@pytest.mark.parametrize("encoding", ["euc-kr", "utf-16"])
def test_korean_is_read_in_other_encodings(encoding):
    node, found = read("title: 숫자 맞히기\n".encode(encoding))

    assert (plain(node), found) == ({"title": "숫자 맞히기"}, [("yaml.encoding", 0)])


def test_anchors_and_merge_keys_are_written_out():
    node, found = read(b"base: &b {a: 1, b: 2}\nuse: *b\nmore:\n  <<: *b\n  b: 3\n")

    assert (plain(node), found) == (
        {"base": {"a": 1, "b": 2}, "use": {"a": 1, "b": 2}, "more": {"a": 1, "b": 3}},
        [],
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"", [("yaml.empty", 0)]),
        (b"a: 1\n\tb: 2\n", [("yaml.tab", 2)]),
        (b"a: 'open\n", [("yaml.unreadable", 2)]),
        (b"a: 1\nb: : 2\n", [("yaml.unreadable", 2)]),
        (b"a: \x00\n", [("yaml.unreadable", 1)]),
        (b"a: 1\na: 2\n", [("yaml.twice", 2)]),
        (b"a: !secret 1\n", [("yaml.tag", 1)]),
        (b"title: caf\xe9\n", [("yaml.encoding", 0)]),
        (b"a: &a [*a]\n", [("yaml.too-large", 0)]),
    ],
)
def test_what_is_wrong_is_named_by_line(source, found):
    assert read(source)[1] == found


def test_a_byte_order_mark_and_ends_of_lines_of_windows():
    node, found = read(b"\xef\xbb\xbftitle: x\r\nimage: y\r\n")

    assert (plain(node), found) == ({"title": "x", "image": "y"}, [])


def test_aliases_that_swell_end_the_reading():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)]

    assert read("\n".join(lines).encode())[1] == [("yaml.too-large", 0)]


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="a:-&*<!|>[]{}'\"\n \t#,?%0", max_size=80).map(str.encode)))
def test_no_bytes_make_it_fail(source):
    read(source)
