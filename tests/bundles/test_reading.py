"""The one door: no bundle makes it fail, whatever stands in its file."""

import tempfile
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.blueprint.lint import lint_text
from dure.bundles import blueprint_of, read, write_codabench
from dure.bundles.model import Format
from tests.bundles.samples import CHALLENGE, FLOWERS, NUMBERS, challenge, flowers, laid, numbers

BUNDLES = {
    "competition.yaml": (flowers, FLOWERS),
    "codalab": (numbers, yaml.safe_load(NUMBERS)),
    "challenge_config.yaml": (challenge, CHALLENGE),
}
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(max_size=10)
    | st.sampled_from(["..", "/", "scoring_program", "1-1-2030", "{}", "9" * 50, "competition.yaml", "pages"])
)
JUNK = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner), max_leaves=5
)


def paths(tree, so_far=()):
    yield so_far
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, inner in steps:
        yield from paths(inner, (*so_far, step))


def put(tree, path, value):
    for step in path[:-1]:
        tree = tree[step]
    tree[path[-1]] = value


@st.composite
def spoilt(draw):
    """A sound bundle in which one value, or several, became something else."""
    make, told = BUNDLES[draw(st.sampled_from(sorted(BUNDLES)))]
    tree = deepcopy(told)
    for path in draw(st.lists(st.sampled_from([path for path in paths(told) if path]), min_size=1, max_size=3)):
        try:
            put(tree, path, draw(JUNK))
        except (TypeError, KeyError, IndexError):
            continue  # what stood there is gone already
    return make, tree


@settings(deadline=None, max_examples=200)
@given(spoilt())
def test_whatever_stands_in_a_bundle_is_read_or_named(made):
    make, tree = made
    file = "challenge_config.yaml" if make is challenge else "competition.yaml"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        told = read(make(home / "in", **{file: yaml.safe_dump(tree, allow_unicode=True)}), home / "into")

        assert told.competition is not None
        assert all(one.place.file for one in told.findings)
        draft = blueprint_of(told.competition)
        write_codabench(told.competition, told.bundle.root, home / "out")
    assert not told.competition.phases or lint_text(draft.encode(), "made.yaml") == []


@pytest.mark.parametrize(
    ("make", "format_"),
    [(flowers, Format.CODABENCH_2), (numbers, Format.CODALAB_1), (challenge, Format.EVALAI)],
)
def test_the_format_is_recognised(tmp_path, make, format_):
    assert read(make(tmp_path / "in"), tmp_path / "into").format == format_


def test_findings_stand_in_the_order_of_their_places(tmp_path):
    def change(told):
        told["phases"][0]["start"] = "soon"
        told["title"] = ""

    found = read(
        flowers(tmp_path / "in", change, **{"scoring_program/score.py": "def f(:"}), tmp_path / "into"
    ).findings

    assert [(one.code, one.place.file) for one in found] == [
        ("key.missing", "competition.yaml"),
        ("value.date", "competition.yaml"),
        ("program.syntax", "scoring_program/score.py"),
    ]


def test_every_finding_speaks_both_languages_and_says_what_to_do(tmp_path):
    (found,) = read(laid(tmp_path / "in", {"competition.yaml": "\ttitle: x"}), tmp_path / "into").findings

    assert found.say("en") == "competition.yaml:1:1: yaml.tab: There is a tab in the indentation. Use spaces."
    assert found.say("ko") == "competition.yaml:1:1: yaml.tab: 들여쓰기에 탭 문자가 있습니다. 빈칸으로 바꾸세요."
