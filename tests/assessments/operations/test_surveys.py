"""Surveys are fixed once they open; who answers does so once; nothing joins an anonymous answer to anybody."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.assessments import sealing
from dure.assessments.events import SurveyLettersDue
from dure.assessments.models import AnswerCount, Respondent, SealedAnswer, SurveyReply, SurveyState
from dure.assessments.operations.answering import answer, ask, forget_answers, letters_due, remind
from dure.assessments.operations.surveys import (
    change_survey,
    close_due_surveys,
    close_survey,
    copy_survey,
    destroy_old_keys,
    extend_survey,
    open_survey,
)
from dure.assessments.queries.surveys import results_of, shows_results, turnout_of
from dure.assessments.surveying import Question, Sort
from dure.audit.models import AuditRow, AuditText
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused, Unready
from dure.core.events import _listeners
from dure.core.text import Text
from tests.assessments.survey_factories import EVERY, answered, answers, asked, asks, make_draft, make_open
from tests.factories import make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, tmp_path) -> Path:
    settings.SURVEY_KEYS = tmp_path / "keys"
    return settings.SURVEY_KEYS


def code_of(work) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.code


# --- what is asked, and promised


def test_what_is_asked_and_promised_stands_from_the_opening_on() -> None:
    survey = change_survey(make_draft(asks("scale")), promise="named", questions=[asks("text")])
    open_survey(survey)

    codes = {code_of(lambda told=told: change_survey(survey, **told)) for told in ({"promise": "anonymous"},
             {"questions": []}, {"reach": "anybody"}, {"title_en": "Other"})}  # fmt: skip

    survey.refresh_from_db()
    assert codes == {"survey.fixed"}
    assert (survey.promise, [one.key for one in survey.asks]) == ("named", ["text"])


@pytest.mark.parametrize(
    "question",
    [
        asks("single", choices=()), asks("multiple", choices=(Text(ko="하나", en="One"),) * 2),
        Question("a", Sort.TEXT, Text(ko=" ", en="What?")), Question("a", Sort.TEXT, Text(ko="가" * 1001, en="What?")),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_named_by_its_place(question) -> None:
    with pytest.raises(Flawed) as flawed:
        make_draft(asks("scale"), question)
    assert {error["place"] for error in flawed.value.facts["errors"]} == {2}


def test_a_survey_that_asks_nothing_or_is_past_is_not_opened() -> None:
    empty = make_draft()
    change_survey(empty, questions=[])
    now = clock.now()
    past = make_draft(opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))

    assert [code_of(lambda one=one: open_survey(one)) for one in (empty, past)] == ["survey.empty", "survey.past"]


def test_the_end_is_moved_to_later_only() -> None:
    survey = make_open()
    later = survey.closes_at + timedelta(days=1)

    assert extend_survey(survey, closes_at=later).closes_at == later
    assert code_of(lambda: extend_survey(survey, closes_at=later - timedelta(hours=1))) == "survey.earlier"


# --- who answers


def test_everybody_answers_once_and_only_who_is_asked() -> None:
    survey = make_open()
    [person] = answered(survey, answers())

    assert code_of(lambda: answer(survey, person=person, answers=answers())) == "survey.answered"
    with pytest.raises(Forbidden):
        answer(survey, person=make_person(), answers=answers())
    assert SealedAnswer.objects.count() == 1


@pytest.mark.parametrize(("reach", "may"), [("asked", "none"), ("members", "member"), ("anybody", "both")])
def test_who_may_answer_by_the_link(reach, may) -> None:
    home = make_organisation()
    survey = make_open(organisation=home, reach=reach)
    people = {"member": make_member(home).person, "other": make_person()}
    came = set()

    for name, person in people.items():
        try:
            answer(survey, person=person, answers=answers())
            came.add(name)
        except Forbidden:
            pass

    assert came == {"none": set(), "member": {"member"}, "both": {"member", "other"}}[may]


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"scale": 6}, "scale"), ({"scale": None}, "scale"), ({"single": 3}, "single"), ({"single": "x"}, "single"),
        ({"multiple": [0, 9]}, "multiple"), ({"multiple": []}, "multiple"), ({"number": "many"}, "number"),
        ({"number": "1e999"}, "number"), ({"text": "가" * 4001}, "text"), ({"other": 1}, "other"),
        ({"scale": True}, "scale"), ({"number": "NaN"}, "number"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_named_and_nothing_is_kept(told, wrong) -> None:
    survey = make_open()
    [person] = asked(survey, 1)

    with pytest.raises(Flawed) as flawed:
        answer(survey, person=person, answers=answers(**told))

    assert [error["key"] for error in flawed.value.facts["errors"]] == [wrong]
    assert (SealedAnswer.objects.count(), turnout_of(survey).answered) == (0, 0)


def test_outside_its_window_nothing_is_taken() -> None:
    now = clock.now()
    early = make_open(opens_at=now + timedelta(hours=1))
    late = make_open()
    people = [*asked(early, 1), *asked(late, 1)]

    codes = [code_of(lambda: answer(early, person=people[0], answers=answers()))]
    with clock.at(late.closes_at):
        codes.append(code_of(lambda: answer(late, person=people[1], answers=answers())))

    assert codes == ["survey.closed", "survey.closed"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("promise", ["anonymous", "named"])
def test_ten_posts_at_once_are_one_answer(promise) -> None:
    survey = make_open(reach="anybody", promise=promise)
    person = make_person()

    def post(_: int) -> str:
        try:
            answer(survey, person=person, answers=answers())
        except Refused as refused:
            return refused.code
        else:
            return "taken"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        told = sorted(pool.map(post, range(10)))

    assert told == [*["survey.answered"] * 9, "taken"]
    assert SealedAnswer.objects.count() + SurveyReply.objects.count() == 1


# --- the promise

WORDS = ("까마귀", "두루미", "참새", "제비", "황새", "뻐꾸기")


def _cells() -> Iterator[tuple[str, object, dict[str, object]]]:
    """Every cell of every table, with its row."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            for column, value in row.items():
                yield f"{model._meta.label}.{column}", value, row


def _rows_with(word: str) -> list[dict[str, object]]:
    """Rows in which a text stands, bytes and JSON read as text."""
    found = []
    for _, value, row in _cells():
        text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
        if word in text or word in json.dumps(value, ensure_ascii=False, default=str):
            found.append(row)
    return found


def test_while_a_survey_runs_no_table_holds_what_was_answered() -> None:
    survey = make_open()
    answered(survey, *(answers(text=word) for word in WORDS))
    assert [row for word in WORDS for row in _rows_with(word)] == []


def test_afterwards_answers_stand_by_nobodys_name_key_or_time() -> None:
    survey = make_open()
    people = answered(survey, *(answers(text=word) for word in WORDS))
    close_survey(survey)

    rows = [row for word in WORDS for row in _rows_with(word)]

    assert len(rows) == len(WORDS)
    assert {frozenset(row) for row in rows} == {frozenset({"id", "survey_id", "question", "group", "answer", "n"})}
    names = {str(value) for row in rows for value in row.values()}
    assert not names & {str(value) for person in people for value in (person.pk, person.email, person.name)}
    assert [value for row in rows for value in row.values() if isinstance(value, datetime)] == []


AS_THEY_LIE = {
    "sqlite": "SELECT answer FROM assessments_answercount WHERE survey_id = %s AND question = 'text' ORDER BY rowid",
    "postgresql": "SELECT answer FROM assessments_answercount WHERE survey_id = %s AND question = 'text' ORDER BY ctid",
}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(WORDS))
def test_the_order_in_which_people_answered_is_lost(order) -> None:
    """Rows are read as they lie on the disk, and by their keys: both follow from the answers alone."""
    survey = make_open()
    answered(survey, *(answers(text=word) for word in order))
    close_survey(survey)

    with connection.cursor() as cursor:
        cursor.execute(AS_THEY_LIE[connection.vendor], [survey.pk.hex if connection.vendor == "sqlite" else survey.pk])
        on_disk = [row[0] for row in cursor.fetchall()]
    assert on_disk == sorted(WORDS)
    assert list(survey.counts.filter(question="text").values_list("answer", flat=True)) == sorted(WORDS)


def test_who_has_answered_is_told_without_a_time_and_the_log_says_nothing_of_it() -> None:
    survey = make_open()
    people = asked(survey, 5)
    before = AuditRow.objects.count(), AuditText.objects.count()
    moment = clock.now() + timedelta(hours=3)

    with clock.at(moment):
        for person in people:
            answer(survey, person=person, answers=answers())

    assert (AuditRow.objects.count(), AuditText.objects.count()) == before
    assert {str(value) for _, value, _ in _cells() if isinstance(value, datetime)} & {str(moment)} == set()
    fields = [field for model in (Respondent, SealedAnswer, AnswerCount) for field in model._meta.concrete_fields]
    assert {field.get_internal_type() for field in fields} & {"DateTimeField", "DateField", "TimeField"} == set()
    assert {row.pk.version for row in (*Respondent.objects.all(), *SealedAnswer.objects.all())} == {4}


def test_a_sealed_answer_cannot_be_read_once_its_key_is_gone(keys) -> None:
    survey = make_open()
    answered(survey, *(answers(text=word) for word in WORDS))
    kept = bytes(SealedAnswer.objects.first().box)  # as it may lie in a backup or a log of the database

    close_survey(survey)

    destroy_old_keys()
    assert (SealedAnswer.objects.count(), list(keys.iterdir())) == (0, [])
    assert len(kept) % sealing.BLOCK == 48  # padded: the key's share and the seal beside whole blocks
    with pytest.raises(Unready):
        sealing.Opener(survey.public_key).open(kept)


def test_a_survey_that_cannot_be_opened_leaves_no_key_behind(keys, monkeypatch) -> None:
    monkeypatch.setitem(_listeners, SurveyLettersDue, [_fail])
    survey = make_draft()

    with pytest.raises(RuntimeError):
        open_survey(survey)

    survey.refresh_from_db()
    assert (survey.state, survey.public_key, list(keys.iterdir())) == ("draft", "", [])


def _fail(_fact: SurveyLettersDue) -> None:
    raise RuntimeError


def test_boxes_of_short_and_long_answers_are_as_long(keys) -> None:
    survey = make_open()
    answered(survey, answers(), answers(text="가" * 500))
    assert len({len(bytes(row.box)) for row in SealedAnswer.objects.all()}) == 1


def test_fewer_than_five_answers_are_thrown_away_at_the_close() -> None:
    survey = make_open()
    answered(survey, *[answers()] * 4)

    close_survey(survey)

    assert (AnswerCount.objects.count(), SealedAnswer.objects.count()) == (0, 0)
    assert {(one.n, one.parts, one.texts) for one in results_of(survey).outcomes} == {(0, (), ())}


def test_without_its_key_a_survey_is_closed_only_without_answers(keys) -> None:
    survey = make_open()
    answered(survey, *[answers()] * 6)
    assert code_of(lambda: close_survey(survey, without_answers=True)) == "survey.key-there"
    sealing.destroy_key(survey.public_key)

    with pytest.raises(Unready):
        close_survey(survey)

    assert close_survey(survey, without_answers=True).is_lost


def test_named_answers_are_never_lost() -> None:
    survey = make_open(promise="named")
    answered(survey, *[answers()] * 2)

    closed = close_survey(survey, without_answers=True)

    assert (closed.is_lost, closed.replies.count()) == (False, 2)


# --- what comes of it


def test_anonymous_results_are_shown_from_the_close_on_and_named_ones_at_once() -> None:
    surveys = [make_open(promise=promise) for promise in ("anonymous", "named")]
    for survey in surveys:
        answered(survey, *[answers()] * 6)

    before = [shows_results(survey) for survey in surveys]
    after = [shows_results(close_survey(survey)) for survey in surveys]

    assert (before, after) == ([False, True], [True, True])


@pytest.mark.parametrize("promise", ["anonymous", "named"])
def test_answers_are_counted(promise) -> None:
    survey = make_open(promise=promise)
    answered(survey, *[answers(scale=2, text="좋습니다")] * 6, *[answers(scale=5)] * 7)

    scale, single, multiple, number, text = results_of(close_survey(survey)).outcomes

    assert [part.n for part in scale.parts] == [0, 6, 0, 0, 7]
    assert scale.mean == Decimal(6 * 2 + 7 * 5) / 13
    assert [part.n for part in single.parts] == [0, 13, 0]
    assert [(part.values, part.n) for part in multiple.parts] == [(("0",), 13), (("1",), 0), (("2",), 13)]
    assert [part.n for part in number.parts if part.n] == [13]
    assert text.texts == ("좋습니다",) * 6


def test_a_survey_whose_end_has_come_is_closed_by_its_job() -> None:
    survey, other = make_open(), make_open(closes_at=clock.now() + timedelta(days=30))

    with clock.at(survey.closes_at):
        close_due_surveys()

    for row in (survey, other):
        row.refresh_from_db()
    assert (survey.state, other.state) == (SurveyState.CLOSED, SurveyState.OPEN)


def test_the_next_edition_asks_the_same_under_the_same_keys() -> None:
    survey = close_survey(make_open())
    now = clock.now()

    again = copy_survey(survey, by=make_person(), opens_at=now, closes_at=now + timedelta(days=9))

    assert (again.state, again.previous, again.asks) == (SurveyState.DRAFT, survey, list(EVERY))


# --- letters, and who is forgotten


def test_those_who_have_not_answered_are_reminded_once_a_day() -> None:
    survey = make_open()
    [done] = answered(survey, answers())
    waiting = asked(survey, 2)
    invited = {row.person for row in letters_due(survey, most=10)}

    n = remind(survey)
    reminded = {row.person for row in letters_due(survey, most=10)}

    assert (invited, n, reminded, letters_due(survey, most=10)) == (set(waiting), 2, set(waiting), [])
    assert done not in reminded
    assert code_of(lambda: remind(survey)) == "survey.reminded"


def test_nobody_is_asked_twice_nor_once_it_is_over() -> None:
    survey = make_open()
    people = dict.fromkeys([make_person(), make_person()], "a")

    counts = ask(survey, people, groups={"a": Text(ko="가반", en="Class A")}), ask(survey, people)
    close_survey(survey)

    survey.refresh_from_db()
    assert (counts, survey.groups) == ((2, 0), {"a": {"ko": "가반", "en": "Class A"}})
    assert code_of(lambda: ask(survey, {make_person(): ""})) == "survey.over"


def test_who_is_forgotten_leaves_counts_behind_and_no_text() -> None:
    survey = make_open(promise="named")
    [person] = answered(survey, answers(text=WORDS[0]))

    forget_answers(person)

    [reply] = SurveyReply.objects.all()
    assert (reply.person, reply.answers) == (None, answers())
    assert _rows_with(WORDS[0]) == []
