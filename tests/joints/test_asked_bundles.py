"""What bundles ask, limit and share, as rules of a round; and back, without loss."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.bundles import read
from dure.bundles.model import Competition, Contract, Limits, Phase
from dure.bundles.model import Question as BundleQuestion
from dure.challenges.models import Round, Task
from dure.challenges.operations import add_task, open_round
from dure.challenges.operations.asking import set_allowed, set_questions
from dure.challenges.operations.ruling import Rules, set_rules
from dure.challenges.questions import Question, QuestionKind, check_questions
from dure.compute.operations import use_for_images
from dure.core.text import Text
from dure.joints.importing import export_task, import_bundle
from dure.joints.importing.asked import fact_sheet_of, monthly_of, questions_of, sharing_of
from tests.bundles.samples import challenge, flowers
from tests.challenges.conftest import ACCURACY, START, labels
from tests.factories import make_organisation, make_person

WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


def same(words: str) -> Text:
    return Text(ko=words, en=words)


@st.composite
def questions(draw) -> list[Question]:
    made = []
    for key in draw(st.lists(WORDS, max_size=4, unique=True)):
        kind = draw(st.sampled_from(list(QuestionKind)))
        chosen = kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
        options = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)) if chosen else []
        flags = draw(st.booleans()), draw(st.booleans())
        made.append(Question(key, same(draw(WORDS)), kind, tuple(options), *flags))
    return made


@given(asked=questions(), shares=st.sampled_from(["none", "chosen"]))
def test_what_a_round_asks_leaves_and_comes_back_the_same(asked, shares):
    round_ = Round(questions=[one.as_dict() for one in asked], sharing=shares)
    blank, phase = Competition(title="T"), Phase(index=0, name="P", start=START)

    whole = replace(blank, fact_sheet=fact_sheet_of(replace(blank, fact_sheet=(_other(),)), phase, round_))

    assert questions_of(whole, phase) == asked


def _other() -> BundleQuestion:
    return BundleQuestion(key="another question", title="Another")


@given(
    st.lists(
        st.builds(
            BundleQuestion,
            key=st.text(max_size=130),
            title=st.text(max_size=330),
            type=st.sampled_from(["text", "boolean", "radio", "select", "checkbox", "", "number"]),
            selection=st.lists(st.text(max_size=20), max_size=5).map(tuple),
            required=st.booleans(),
        ),
        max_size=35,
    )
)
def test_whatever_a_bundle_asks_can_be_asked_here(told):
    phase = Phase(index=1, name="P", start=START, attributes=tuple(told))

    check_questions(questions_of(Competition(title="T", contract=Contract.EVALAI), phase))


@pytest.mark.parametrize(
    ("per_month", "total", "monthly"),
    [(None, None, None), (50, None, 50), (50, 100, 50), (100, 100, None), (0, 5, None)],
)
def test_a_months_limit_is_kept_where_it_says_more_than_the_whole(per_month, total, monthly):
    limits = Limits(per_month=per_month, total=total)

    assert monthly_of(Phase(index=0, name="P", start=START, limits=limits)) == monthly


@pytest.mark.parametrize(
    ("contract", "public", "sharing"),
    [("evalai", True, "open"), ("evalai", False, "none"), ("codabench", False, "chosen")],
)
def test_who_makes_attempts_public_is_as_it_was_there(contract, public, sharing):
    phase = Phase(index=0, name="P", start=START, submissions_public=public)

    assert sharing_of(Competition(title="T", contract=Contract(contract)), phase) == sharing


@pytest.fixture
def _files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    use_for_images("codalab/*", None)


def imported(path, **known):
    return import_bundle(path, by=make_person(), host=make_organisation(), chosen=True, **known)


@pytest.mark.django_db
@pytest.mark.sandbox
@pytest.mark.usefixtures("_files")
def test_what_an_evalai_phase_says_holds_in_its_round(tmp_path):
    def strict(told: dict) -> None:
        told["challenge_phases"][0] |= {
            "max_submissions": 100, "max_submissions_per_month": 20, "is_public": False, "is_active": False,
            "is_submission_public": True, "is_partial_submission_evaluation_enabled": True,
            "allowed_email_ids": ["Mina@Example.org", "nobody"], "allowed_submission_file_types": ".json, .zip",
            "submission_meta_attributes": [
                {"name": "Uses data", "type": "checkbox", "options": ["A", "B"], "required": True, "description": "All"}
            ],
        }  # fmt: skip

    imported(challenge(tmp_path / "bundle", strict))

    task = Task.objects.get(round_task__stage="phase-1")
    rules = Rules.of(task.round)
    assert (rules.monthly, rules.file_types, rules.sharing) == (20, [".json", ".zip"], "open")
    assert (rules.is_public, rules.is_active, task.program.partial) == (False, False, True)
    assert list(task.round.allowed.values_list("email", flat=True)) == ["mina@example.org"]
    assert task.round.asked == (
        Question("Uses data", same("Uses data"), QuestionKind.CHOICES, ("A", "B"), required=True, about=same("All")),
    )


@pytest.mark.django_db
@pytest.mark.sandbox
@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("shares", ["none", "chosen"])
def test_a_round_made_here_asks_and_shares_the_same_once_it_is_taken_in_again(tmp_path, shares):
    round_ = open_round(same("Round"), by=make_person(), opens_at=START, daily=4, total=9)
    task = add_task(round_, labels=labels(sealed=False), measure=ACCURACY)
    asked = [
        Question("model", same("Model"), required=True, on_board=True),
        Question("gpu", same("GPU"), QuestionKind.CHOICE, ("A100", "H100")),
        Question("data", same("Data"), QuestionKind.YES_NO),
    ]
    set_questions(round_, asked)
    set_rules(round_, replace(Rules.of(round_), sharing=shares))

    losses = export_task(task, tmp_path / "out.zip")
    imported(tmp_path / "out.zip")

    again = Task.objects.exclude(pk=task.pk).get().round
    assert {loss.code for loss in losses} == {"write.image", "write.terms"}
    assert (again.asked, again.sharing, again.daily, again.total) == (tuple(asked), shares, 4, 9)


@pytest.mark.django_db
@pytest.mark.usefixtures("_files")
def test_what_codabench_cannot_hold_is_told(tmp_path):
    round_ = open_round(same("Round"), by=make_person(), opens_at=START)
    task = add_task(round_, labels=labels(sealed=False), measure=ACCURACY)
    set_rules(round_, replace(Rules.of(round_), monthly=9, file_types=[".csv"], is_public=False, sharing="open"))
    set_questions(round_, [Question("q", same("Q"), QuestionKind.CHOICES, ("a", "b"))])
    set_allowed(round_, ["mina@example.org"])

    losses = export_task(task, tmp_path / "out")

    assert sum(loss.code == "write.lost" for loss in losses) == 6
    told = read(tmp_path / "out", tmp_path / "back").competition
    assert [(one.type, one.selection) for one in told.fact_sheet] == [("checkbox", ("a", "b"))]


@pytest.mark.django_db
@pytest.mark.sandbox
@pytest.mark.usefixtures("_files")
def test_teams_are_as_large_as_the_import_says(tmp_path):
    done = imported(flowers(tmp_path / "bundle"), case="team", team_most=8)

    assert "max: 8" in done.programme.source
