"""The library: files that speak of each other by name, each read when somebody asks."""

import pytest

from dure.blueprint.document import Flaws
from dure.blueprint.library import Library, load, load_blueprint
from dure.blueprint.lint import lint_files, lint_text
from dure.blueprint.model import Agreement, Blueprint, Programme
from dure.core.errors import Refused
from tests.blueprint.marked import apply, blueprint
from tests.conftest import ROOT

OTHER = blueprint(apply()).replace("blueprint: made", "blueprint: far-away")
SPAWNS = blueprint(apply("gives: [{spawn: {blueprint: far-away}}]"))


@pytest.fixture
def folder(tmp_path):
    for name in ("blueprints", "programmes"):
        (tmp_path / name).mkdir()
    (tmp_path / "blueprints" / "made.yaml").write_text(SPAWNS)
    (tmp_path / "programmes" / "p.yaml").write_text("programme: p\nblueprint: far-away\n")
    return tmp_path


def codes(flaws):
    return [flaw.code for flaw in flaws]


def test_files_given_together_know_each_other(folder):
    elsewhere = folder / "elsewhere" / "deep"
    elsewhere.mkdir(parents=True)
    (elsewhere / "other.yaml").write_text(OTHER)
    alone, together = [folder / "blueprints/made.yaml"], [folder / "blueprints/made.yaml", elsewhere / "other.yaml"]
    assert (codes(lint_files(alone)), codes(lint_files(together))) == (["BP204"], [])


def test_files_beside_each_other_know_each_other(folder):
    (folder / "blueprints" / "other.yaml").write_text(OTHER)
    assert lint_files([folder / "blueprints/made.yaml", folder / "programmes/p.yaml"]) == []


def test_starter_library_is_known_everywhere(folder):
    assert lint_text(SPAWNS.replace("far-away", "research-internship").encode(), "made.yaml") == []


def test_file_that_cannot_be_read_stands_by_its_name(folder):
    (folder / "blueprints" / "other.yaml").write_text("blueprint: far-away\nnonsense: [\n")
    assert lint_files([folder / "blueprints/made.yaml", folder / "programmes/p.yaml"]) == []


def test_the_first_file_of_a_name_wins(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(OTHER.replace("en: Made", f"en: {name}"))
    library = Library([tmp_path / "b.yaml", tmp_path / "a.yaml"])
    assert [known.title.en for known in library.blueprints()] == ["b"]


def test_each_of_the_three_is_loaded_as_what_it_is():
    sources = {
        Blueprint: load(OTHER.encode()),
        Programme: load(b"programme: 2024-p\nblueprint: far-away\n"),
        Agreement: load(b"agreement: a\nkind: mou\nparties: {}\ncovers: [far-away]\n"),
    }
    assert [type(model) for model in sources.values()] == list(sources)


def test_another_sort_of_file_is_refused_with_what_it_is():
    with pytest.raises(Refused) as caught:
        load_blueprint(b"programme: p\nblueprint: far-away\n")
    assert caught.value.text.en.startswith("This file is not a blueprint (it is a programme)")


def test_loading_a_flawed_file_tells_every_flaw():
    with pytest.raises(Flaws) as caught:
        load(blueprint(apply("when: {from: soon, to: late}")).encode(), "f.yaml")
    assert codes(caught.value.flaws) == ["BP601", "BP601"]
    assert [error["line"] for error in caught.value.facts["errors"]] == [14, 14]


def test_notes_are_kept_by_their_path_and_never_computed_with():
    made = load_blueprint(blueprint(apply("note: first\ngate: [{decide: {role: judge, note: 2}}]")).encode())
    assert made.notes == {("stages", 0, "note"): "first", ("stages", 0, "gate", 0, "decide", "note"): "2"}


def test_whole_starter_library_is_sound():
    folders = ("blueprints", "programmes", "agreements")
    assert lint_files(path for folder in folders for path in (ROOT / folder).glob("*.yaml")) == []
