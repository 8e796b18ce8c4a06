"""The pages of surveys in the small world: a draft, one that is open, one that is over and the edition before it."""

from datetime import timedelta

from dure.assessments.models import Survey
from dure.assessments.operations.answering import answer, ask
from dure.assessments.operations.surveys import close_survey, copy_survey, make_survey, open_survey
from dure.core import clock
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from tests.assessments.survey_factories import EVERY, answers
from tests.factories import make_person

GROUPS = {"a": Text(ko="가 반", en="Class A"), "b": Text(ko="나 반", en="Class B")}
SOURCE = """
blueprint: opinions
title: {en: Opinions, ko: 의견 조사}
subject: person
parties: {host: {kind: company}}
roles: {judge: {at: host, can: [review]}}
stages:
  - {id: opinion, kind: test, entry: open, do: {type: survey, by: judge}}
words: {host: {en: Host, ko: 주관}, judge: {en: Judge, ko: 심사위원}, opinion: {en: Opinion, ko: 의견}}
"""


def drafted(home: Organisation, *, by: Person, **known) -> Survey:
    now = clock.now()
    told = {
        "title_ko": "과정 만족도 조사", "title_en": "What you think of the course", "promise": "anonymous",
        "about_ko": "다음 기수를 더 좋게 만들려고 묻습니다.", "about_en": "We ask to make the next cohort better.",
        "questions": EVERY, "opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=7), **known,
    }  # fmt: skip
    return make_survey(home, by=by, **told)


def over(survey: Survey) -> Survey:
    """Answered by two groups of seven, and closed."""
    open_survey(survey)
    people = {make_person(): group for group in ("a", "b") for _ in range(7)}
    ask(survey, people, groups=GROUPS)
    for at, person in enumerate(people):
        answer(survey, person=person, answers=answers(scale=2 + at % 2 * 3, single=at % 3, text="좋은 과정"))
    return close_survey(survey)


def survey_pages(home: Organisation, *, runs: Person, answers_it: Person) -> dict[str, Person]:
    """Each with somebody who may read it: ``runs`` looks after ``home``."""
    now = clock.now()
    first = over(drafted(home, by=runs))
    second = over(copy_survey(first, by=runs, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1)))
    draft, going = drafted(home, by=runs), open_survey(drafted(home, by=runs))
    named = open_survey(drafted(home, by=runs, promise="named", reach="anybody"))
    ask(going, {answers_it: ""})
    answer(named, person=answers_it, answers=answers())
    programme = make_programme(SOURCE, slug="opinions-1", by=runs, parties={"host": [home]})
    publish(programme)
    open_programme(programme)
    one, running = f"/surveys/{draft.pk}/", f"/surveys/{going.pk}/"
    kept = (
        "/surveys/kept/", "/surveys/new/", one, f"{one}desk/", f"{one}settings/", f"{one}questions/", f"{one}open/",
        f"{one}copy/", *(f"{one}questions/new/{sort}/" for sort in ("scale", "single", "text")),
        f"{one}questions/scale/", f"{one}results/", f"{running}desk/", f"{running}settings/", f"{running}close/",
        f"{running}questions/", f"{running}results/", f"/surveys/{named.pk}/results/",
        f"/surveys/{second.pk}/results/", "/desk/opinions-1/stages/opinion/survey/",
    )  # fmt: skip
    asked = ("/surveys/", running, f"/surveys/{named.pk}/")
    return {**dict.fromkeys(kept, runs), **dict.fromkeys(asked, answers_it)}
