"""Surveys on their pages: written, opened, answered without a script, closed, read, taken along as tables."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from dure.assessments.models import Survey, SurveyState
from dure.assessments.operations.answering import ask
from dure.assessments.operations.surveys import close_survey, copy_survey, open_survey
from dure.assessments.queries.surveys import results_of, turnout_of
from dure.core import clock
from dure.site.surveys.results import shown_results
from tests.assessments.survey_factories import EVERY, answered, answers, asks, make_open
from tests.factories import make_admin, make_organisation, make_person
from tests.site.conftest import client_of, text_of
from tests.site.surveys.world import drafted, over, survey_pages

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
ANSWERED = {"q-scale": "4", "q-single": "1", "q-multiple": ["0", "2"], "q-number": "3.5", "q-text": ""}


@pytest.fixture(autouse=True)
def keys(settings, tmp_path) -> None:
    settings.SURVEY_KEYS = tmp_path / "keys"


@pytest.fixture
def home():
    return make_organisation("home")


@pytest.fixture
def keeper(home):
    return make_admin(home)


def written(**known) -> dict:
    return {
        "organisation": "home", "title_ko": "만족도", "title_en": "Opinion", "promise": "anonymous",
        "reach": "asked", "opens_at": "2026-01-01T09:00", "closes_at": "2036-01-01T09:00", **known,
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_there_within_twenty_queries(home, keeper, language) -> None:
    pages = survey_pages(home, runs=keeper, answers_it=make_person(name="나래"))

    found = {}
    for path, person in pages.items():
        client = client_of(person, language)
        client.get(path)  # what is asked once a process is asked now
        with CaptureQueriesContext(connection) as queries:
            found[path] = client.get(path).status_code, len(queries) <= MOST_QUERIES

    assert found == dict.fromkeys(pages, (200, True))


def test_a_survey_is_written_sent_and_opened(home, keeper) -> None:
    client, person = client_of(keeper), make_person()
    client.post("/surveys/new/", written())
    survey = Survey.objects.get()
    own = f"/surveys/{survey.pk}/"
    client.post(f"{own}questions/new/scale/", {"text_ko": "만족합니까?", "text_en": "Content?", "required": "on"})
    client.post(f"{own}questions/new/single/", {"text_ko": "무엇?", "text_en": "What?", "choices_ko": "가\n나",
                                                 "choices_en": "A\nB"})  # fmt: skip
    client.post(f"{own}questions/", {"key": "q2", "act": "up"})
    client.post(f"{own}people/", {"emails": person.email})
    client.post(f"{own}open/")

    survey.refresh_from_db()
    assert (survey.state, [one.key for one in survey.asks]) == (SurveyState.OPEN, ["q2", "q1"])
    assert (turnout_of(survey).asked, survey.asks[0].required) == (1, False)
    assert client.post(f"{own}questions/", {"key": "q2", "act": "out"}).status_code == 409


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"choices_ko": "가\n나", "choices_en": "A"}, "영어 보기의 수를"),
        ({"choices_ko": "가", "choices_en": "A"}, "보기는 2개에서"),
        ({"choices_ko": "가\n가", "choices_en": "A\nB"}, "같은 보기"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_in_its_form(home, keeper, told, sentence) -> None:
    survey = drafted(home, by=keeper)
    page = client_of(keeper).post(
        f"/surveys/{survey.pk}/questions/new/single/", {"text_ko": "무엇?", "text_en": "What?", **told}
    )
    assert sentence in text_of(page)
    survey.refresh_from_db()
    assert len(survey.asks) == len(EVERY)


def test_the_promise_is_said_before_one_answers_and_the_answer_is_sent_once(home, keeper) -> None:
    survey, person = open_survey(drafted(home, by=keeper)), make_person()
    ask(survey, {person: ""})
    client, path = client_of(person, "en"), f"/surveys/{survey.pk}/"
    before = text_of(client.get(path))

    client.post(path, ANSWERED)
    after = text_of(client.get(path))
    again = client.post(path, ANSWERED)

    assert "Your answers are anonymous" in before
    assert "You have answered this survey" in after
    assert (again.status_code, turnout_of(survey).answered) == (409, 1)


def test_what_is_missing_is_said_beside_its_question_and_what_was_answered_stays(home, keeper) -> None:
    survey, person = open_survey(drafted(home, by=keeper)), make_person()
    ask(survey, {person: ""})

    response = client_of(person, "en").post(f"/surveys/{survey.pk}/", {**ANSWERED, "q-scale": "", "q-number": "many"})

    page = response.content.decode()
    assert response.status_code == 422
    assert ('href="#q-scale"' in page, 'href="#q-number"' in page, 'value="many"' in page) == (True, True, True)
    assert turnout_of(survey).answered == 0


def test_who_is_not_asked_and_who_does_not_look_after_it_find_nothing(home, keeper) -> None:
    survey = open_survey(drafted(home, by=keeper))
    client = client_of(make_person())
    pages = ("", "desk/", "questions/", "settings/", "results/", "results.csv", "close/", "open/", "copy/")
    assert {client.get(f"/surveys/{survey.pk}/{page}").status_code for page in pages} == {404}
    assert client.post(f"/surveys/{survey.pk}/people/", {"emails": "a@example.org"}).status_code == 404


def test_results_stand_beside_the_edition_before_and_by_group(home, keeper) -> None:
    first = over(drafted(home, by=keeper))
    again = over(copy_survey(first, by=keeper, opens_at=first.opens_at, closes_at=first.closes_at))

    scale = shown_results(again, results_of(again))[0]
    page = text_of(client_of(keeper, "en").get(f"/surveys/{again.pk}/results/"))

    assert scale.mean_before == scale.outcome.mean
    assert [(line.label, line.n, line.before) for line in scale.lines if line.n] == [("2", 7, 0.5), ("5", 7, 0.5)]
    assert "edition before" in page


def test_tables_say_nothing_that_the_page_does_not(home, keeper) -> None:
    survey = over(drafted(home, by=keeper))
    client = client_of(keeper, "en")

    sheet = client.get(f"/surveys/{survey.pk}/results.xlsx").content
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()[1:]

    numbers = [row[5] for row in rows if isinstance(row[5], float)]
    assert [n for n in numbers if 0 < n < 5] == []
    assert client.get(f"/surveys/{survey.pk}/results.csv").content.count(b"text,") >= 14
    assert client.get(f"/surveys/{survey.pk}/replies.csv").status_code == 404


def test_results_of_an_anonymous_survey_are_not_shown_while_it_goes_on(home, keeper) -> None:
    survey = open_survey(drafted(home, by=keeper))
    answered(survey, *[answers()] * 6)
    client = client_of(keeper, "en")
    assert "Results are shown once it is closed" in text_of(client.get(f"/surveys/{survey.pk}/results/"))
    assert client.get(f"/surveys/{survey.pk}/results.csv").status_code == 409


def test_named_replies_are_taken_out_by_name(home, keeper) -> None:
    survey = make_open(asks("text"), asks("multiple"), organisation=home, promise="named")
    [person] = answered(survey, {"text": "내 의견", "multiple": [0, 2]})

    told = client_of(keeper, "ko").get(f"/surveys/{survey.pk}/replies.csv").content.decode()

    assert f"{person.name},{person.email},," in told
    assert '내 의견,"빨강, 초록"' in told


def test_a_lost_key_is_said_before_it_is_closed_without_answers(home, keeper, settings, tmp_path) -> None:
    survey = open_survey(drafted(home, by=keeper))
    settings.SURVEY_KEYS = tmp_path / "elsewhere"
    client = client_of(keeper, "en")

    page = text_of(client.get(f"/surveys/{survey.pk}/close/"))
    refused = client.post(f"/surveys/{survey.pk}/close/").status_code
    client.post(f"/surveys/{survey.pk}/close/", {"without": "yes"})

    survey.refresh_from_db()
    assert ("is not on this machine" in page, refused, survey.is_lost) == (True, 503, True)


def test_the_end_of_an_open_survey_is_moved_and_nothing_else(home, keeper) -> None:
    survey = open_survey(drafted(home, by=keeper))
    client = client_of(keeper)

    client.post(f"/surveys/{survey.pk}/settings/", {"closes_at": "2036-01-01T09:00", "promise": "named"})

    survey.refresh_from_db()
    assert (survey.closes_at.year, survey.promise) == (2036, "anonymous")
    assert close_survey(survey).closes_at > clock.now()


def test_a_new_survey_is_offered_to_those_who_may_hold_one() -> None:
    callers = {"admin": make_admin(make_organisation("own")), "stranger": make_person()}

    pages = {name: client_of(one, "en").get("/surveys/kept/").content.decode() for name, one in callers.items()}

    assert {name: "/surveys/new/" in page for name, page in pages.items()} == {"admin": True, "stranger": False}
