"""The starter library: all of it is sound, its rehearsals come out as promised, and people read words, not ids."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dure.blueprint import model
from dure.blueprint.library import load, load_blueprint
from dure.blueprint.lint import lint_files
from dure.blueprint.rehearsal import rehearse

ROOT = Path(__file__).parents[1]
BLUEPRINTS = sorted((ROOT / "blueprints").glob("*.yaml"))
PROGRAMMES = sorted((ROOT / "programmes").glob("*.yaml"))
AGREEMENTS = sorted((ROOT / "agreements").glob("*.yaml"))
DESIGN = ROOT.parent / "shared" / "design"
HANGUL = re.compile(r"[가-힣]")

each_blueprint = pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
each_file = pytest.mark.parametrize(
    "path", BLUEPRINTS + PROGRAMMES + AGREEMENTS, ids=lambda p: f"{p.parent.name}-{p.stem}"
)


def test_library_holds_thirty_blueprints_seven_programmes_and_eighteen_agreements():
    assert [len(BLUEPRINTS), len(PROGRAMMES), len(AGREEMENTS)] == [30, 7, 18]


def test_every_name_is_used_once():
    names = [load_blueprint(path).name for path in BLUEPRINTS]

    assert sorted(names) == sorted(set(names))


def test_programmes_and_agreements_are_called_like_their_files():
    assert [load(path).name for path in PROGRAMMES] == [path.stem for path in PROGRAMMES]
    assert [load(path).name for path in AGREEMENTS] == [path.stem for path in AGREEMENTS]


def test_everything_is_sound():
    assert lint_files([*BLUEPRINTS, *PROGRAMMES, *AGREEMENTS]) == []


@each_blueprint
def test_rehearsal_keeps_every_expectation(path: Path):
    blueprint = load_blueprint(path)

    expectations = rehearse(blueprint).as_json()["expect"]

    assert [e["text"] for e in expectations] == list(blueprint.rehearse.expect)
    assert [e for e in expectations if not e["holds"]] == []


@each_blueprint
def test_what_people_read_has_a_word_and_no_word_is_idle(path: Path):
    blueprint = load_blueprint(path)

    read = texts_of(blueprint) | set(blueprint.notes.values()) | options_bound(blueprint.name)

    assert set(blueprint.words) == read


@each_file
def test_titles_and_words_are_in_both_languages(path: Path):
    data = yaml.safe_load(path.read_bytes())

    for text in [data["title"], *data.get("words", {}).values()]:
        assert set(text) == {"en", "ko"}
        assert not HANGUL.search(text["en"])
        assert HANGUL.search(text["ko"]) or text["ko"] == text["en"]  # a name such as KT


@each_blueprint
def test_no_two_stages_and_no_two_options_of_a_stage_read_the_same(path: Path):
    blueprint = load_blueprint(path)

    groups = [[stage.id for stage in blueprint.stages], *(own_options(stage) for stage in blueprint.stages)]

    for ids in groups:
        words = [blueprint.word(name) for name in ids]
        assert [len({word.ko for word in words}), len({word.en for word in words})] == [len(ids), len(ids)]


def test_reference_page_lists_the_library():
    page = (ROOT / "docs" / "reference" / "library.md").read_text(encoding="utf-8").splitlines()

    for path in BLUEPRINTS:
        blueprint = load_blueprint(path)
        subject = blueprint.item or blueprint.subject
        stages = " → ".join(stage.id for stage in blueprint.stages)
        link = f"[{blueprint.name}](../../blueprints/{path.name})"
        row = [path.stem[:2], link, blueprint.title.en, blueprint.title.ko, subject, stages]
        assert f"| {' | '.join(row)} |" in page
    for path in PROGRAMMES + AGREEMENTS:
        assert any(f"(../../{path.parent.name}/{path.name})" in line for line in page)


@pytest.mark.skipif(not DESIGN.is_dir(), reason="the design's reference set does not stand beside this checkout")
@each_file
def test_facts_are_those_of_the_design(path: Path):
    facts, designed = (yaml.safe_load(file.read_bytes()) for file in (path, DESIGN / path.parent.name / path.name))

    for added in {"words", "title", "note"} - set(designed):
        facts.pop(added, None)

    assert facts == designed


# --- what a person reads: the ids and texts that a blueprint's author made up -----------------------------------


def texts_of(blueprint: model.Blueprint) -> set[str]:
    """Every id and text that pages show; the language's own words (kinds, types of parties …) are the product's."""
    texts = {blueprint.item, *blueprint.parties, *blueprint.roles}
    texts |= {party.title for party in blueprint.parties.values()}
    texts |= {role.holds for role in blueprint.roles.values()}
    texts |= {need.skill for need in blueprint.needs}
    texts |= {measure.id for measure in blueprint.measures}
    for stage in blueprint.stages:
        texts.update(texts_of_stage(stage))
    return {text for text in texts if text}


def own_options(stage: model.Stage) -> tuple[str, ...]:
    return stage.options if isinstance(stage.options, tuple) else ()


def texts_of_stage(stage: model.Stage) -> Iterator[str | None]:
    yield stage.id
    yield from own_options(stage)
    yield from texts_of_do(stage.do)
    for provision in stage.provides:
        yield from (provision.what, provision.unit, provision.terms, provision.holds)
    for step in stage.gate:
        yield from texts_of_step(step)
    for give in stage.gives:
        yield from texts_of_give(give)


def texts_of_do(do: model.Do) -> Iterator[str | None]:
    yield do.what
    match do:
        case model.FormDo():
            yield from do.attach
            for question in do.ask:
                yield from (question.name, *question.choices)
        case model.LearnDo():
            for item in do.items:
                yield from (item.id, item.source, item.skill)
        case model.RoundDo():
            yield from (do.metric, do.where)
        case model.ProjectDo():
            yield from (*do.milestones, *do.reports, do.source, do.budget)
        case model.EventDo():
            yield from (do.where, do.to)
        case model.WorkDo():
            yield from (do.to, do.job)


def texts_of_step(step: model.Step) -> Iterator[str | None]:
    match step:
        case model.RuleStep():
            for rule in step.rules:
                values = [rule.value] if isinstance(rule.value, str) else rule.value
                yield from (value for value in values if re.match("[a-z]", value) and value not in ("yes", "no"))
        case model.PanelStep():
            yield from step.rubric
        case model.DecideStep():
            yield from (step.says, step.checks)
        case model.ExternalStep():
            yield from (step.body, step.proof)


def texts_of_give(give: model.Give) -> Iterator[str | None]:
    match give:
        case model.CredentialGive():
            yield give.name
            yield None if give.level == "option" else give.level
            yield give.recognised.before if give.recognised else None
        case model.MoneyGive():
            yield from (give.type, give.budget, *(give.lines or ()))
        case model.PrivilegeGive():
            yield from (give.type, give.job)
        case model.PublishGive():
            yield from (None if give.type == "option" else give.type, give.what)
        case model.SpawnGive():
            yield give.title


def options_bound(name: str) -> set[str]:
    """Options that programmes of this blueprint bind."""
    programmes = [programme for programme in map(load, PROGRAMMES) if programme.blueprint == name]
    return {option for programme in programmes for option in (programme.bind or {}).get("options", ())}
