"""Where a fact comes from: this stage's evidence, else the latest earlier answer, else the profile."""

from dure.blueprint.facts import Origin, Sort, evidence_of, resolve
from dure.blueprint.library import load_blueprint
from tests.blueprint.marked import apply, blueprint, then

TEXT = blueprint(
    apply("options: [a, b]\ndo: {ask: [why, {size: number}, {year: words}, {sort: [sme, other]}]}")
    + then("id: again", "kind: form", "do: {ask: [size]}")
    + then(
        "id: exam",
        "kind: test",
        "do: {type: exam, by: judge}",
        "gate: [{panel: {role: judge, rubric: {a: 100}, each: 1, conflicts: []}}]",
    )
)
MADE = load_blueprint(TEXT.encode())


def test_evidence_is_the_kinds_with_answers_options_and_mark():
    evidence = {
        stage.id: {name: known.sort for name, known in evidence_of(MADE, stage).items()} for stage in MADE.stages
    }
    assert evidence == {
        "apply": {
            "files": Sort.NUMBER,
            "why": Sort.TEXT,
            "size": Sort.NUMBER,
            "year": Sort.WORDS,
            "sort": Sort.CHOICE,
            "option": Sort.OPTION,
        },
        "again": {"files": Sort.NUMBER, "size": Sort.TEXT, "option": Sort.OPTION},
        "exam": {"score": Sort.NUMBER, "proof": Sort.TEXT, "option": Sort.OPTION, "mark": Sort.NUMBER},
    }


def test_options_and_choices_are_known_by_their_values():
    known = evidence_of(MADE, MADE.stage("apply"))
    assert (known["option"].choices, known["sort"].choices) == (("a", "b"), ("sme", "other"))


def test_evidence_of_the_stage_comes_first():
    assert resolve(MADE, "exam", "score") == Origin("evidence", "exam", "score", Sort.NUMBER)


def test_then_the_latest_earlier_answer():
    assert resolve(MADE, "exam", "size") == Origin("answer", "again", "size", Sort.TEXT)


def test_an_answer_stands_before_the_profile():
    assert resolve(MADE, "exam", "year") == Origin("answer", "apply", "year", Sort.WORDS)


def test_then_the_profile():
    assert resolve(MADE, "apply", "age") == Origin("profile", None, "age", Sort.NUMBER)


def test_a_stage_named_is_that_stages():
    assert resolve(MADE, "exam", "apply.size") == Origin("evidence", "apply", "size", Sort.NUMBER)


def test_what_comes_later_or_nowhere_is_nothing():
    asked = ("exam.score", "nowhere.score", "score", "salary", "again.why")
    assert [resolve(MADE, "apply", name) for name in asked] == [None] * len(asked)
