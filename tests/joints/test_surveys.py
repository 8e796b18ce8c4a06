"""A stage whose people answer a survey: having answered hands the turn in, and nothing says what was answered."""

import json
from datetime import timedelta

import pytest

from dure.assessments.models import SealedAnswer, SurveyReply
from dure.assessments.operations.answering import answer, ask, remind
from dure.assessments.operations.surveys import close_survey
from dure.calendar.operations import enrol, open_series
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.joints.stages.recorded import record_evidence
from dure.joints.stages.surveys import bind_survey, survey_of, surveys_to_bind
from dure.joints.surveys import ask_cohort, ask_series, ask_stage, surveys_told
from dure.people.operations import forget, join_organisation
from dure.programmes.models import Turn
from dure.skills.models import Evidence
from tests.assessments.survey_factories import answered, answers, make_draft, make_open
from tests.factories import make_admin, make_organisation, make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment
from tests.programmes.build import holder, live

pytestmark = pytest.mark.django_db
STAGE = "- {id: opinion, kind: test, entry: open, do: {type: survey, by: judge}}"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path) -> None:
    settings.SURVEY_KEYS = tmp_path / "keys"


def bound(stage: str = STAGE, **known):
    """A programme whose operator looks after the survey's organisation."""
    found, home = live(stage), make_organisation()
    join_organisation(home, person=found.operator, role="admin")
    survey = make_open(organisation=home, **known)
    bind_survey(found.programme, "opinion", survey=survey, by=found.operator)
    return found, survey


def say(turn: Turn, **known) -> None:
    survey = survey_of(turn)
    assert survey is not None
    answer(survey, person=holder(turn), answers=answers(**known))
    drain()


def test_whoevers_turn_opens_is_asked_and_the_answer_hands_it_in() -> None:
    found, survey = bound()
    turn = found.enter("opinion")
    before = found.again(turn).state

    say(turn)

    turn = found.again(turn)
    assert (before, turn.state, turn.evidence.via, turn.evidence.values) == ("open", "passed", "survey", {})
    assert [row.person for row in survey.respondents.select_related("person")] == [holder(turn)]


def test_between_a_turn_and_an_answer_nothing_is_written() -> None:
    found, survey = bound()
    turns = [found.enter("opinion") for _ in range(5)]
    for at, turn in enumerate(turns):
        say(turn, text=f"비밀 {at}")
    keys = {str(row.pk) for row in SealedAnswer.objects.all()}

    told = json.dumps(list(Evidence.objects.values()), default=str, ensure_ascii=False)
    close_survey(survey)

    assert [key for key in keys if key in told] == []
    assert "비밀" not in told
    assert survey.counts.filter(question="text").count() == 5


def test_who_is_there_already_is_asked_when_it_is_bound() -> None:
    found, home = live(STAGE), make_organisation()
    join_organisation(home, person=found.operator, role="admin")
    turn = found.enter("opinion")

    bind_survey(found.programme, "opinion", survey=make_open(organisation=home), by=found.operator)
    say(turn)

    assert found.again(turn).state == "passed"


def test_who_has_answered_before_hands_in_at_once() -> None:
    found, survey = bound(reach="anybody")
    person = make_person()
    answer(survey, person=person, answers=answers())

    turn = found.enter("opinion", by=person)

    assert found.again(turn).evidence.via == "survey"


def test_without_a_survey_it_is_recorded_as_before() -> None:
    found = live(STAGE)
    turn = found.enter("opinion")
    record_evidence(turn, {"score": 50}, by=found.operator)
    drain()
    assert (found.again(turn).evidence.via, survey_of(turn)) == ("recorded", None)


def test_who_may_bind_which_survey_where() -> None:
    found, survey = bound()
    other, home = live("- {id: opinion, kind: form, entry: open}"), survey.organisation
    join_organisation(home, person=other.operator, role="admin")

    with pytest.raises(Forbidden):
        bind_survey(found.programme, "opinion", survey=survey, by=make_admin(home))
    with pytest.raises(Refused, match="not one at which"):
        bind_survey(other.programme, "opinion", survey=survey, by=other.operator)
    with pytest.raises(Refused, match="over"):
        bind_survey(found.programme, "opinion", survey=close_survey(survey), by=found.operator)
    assert list(surveys_to_bind(found.operator)) == []


def test_another_survey_is_not_bound_once_somebody_has_answered() -> None:
    found, survey = bound()
    say(found.enter("opinion"))

    with pytest.raises(Refused) as refused:
        bind_survey(found.programme, "opinion", survey=make_open(organisation=survey.organisation), by=found.operator)

    assert refused.value.code == "survey.begun"


# --- who is asked


def test_people_of_a_stage_are_asked_by_state_and_option() -> None:
    found = live("- {id: task, kind: round, entry: open, options: [vision, speech], do: {metric: accuracy}}")
    people = [make_person() for _ in range(3)]
    for person, option in zip(people, ("vision", "vision", "speech"), strict=True):
        turn = found.enter("task", by=person)
        Turn.objects.filter(pk=turn.pk).update(options=[option])
    some, everybody = make_draft(), make_draft()

    n = ask_stage(some, found.programme, "task", by=found.operator, option="vision")
    ask_stage(everybody, found.programme, "task", by=found.operator)

    assert (n, set(some.respondents.values_list("person", "group"))) == (2, {(p.pk, "vision") for p in people[:2]})
    everybody.refresh_from_db()
    assert set(everybody.groups) == {"vision", "speech"}
    assert ask_stage(some, found.programme, "task", by=found.operator, state="passed") == 0
    with pytest.raises(Forbidden):
        ask_stage(some, found.programme, "task", by=make_person())


def test_people_of_a_cohort_and_of_a_series_are_asked_by_who_runs_them() -> None:
    course = make_course()
    cohort = make_cohort(course)
    learner, attendee = make_enrolment(cohort).person, make_person()
    admin = make_admin(course.provider.organisation)
    series = open_series(course.provider.organisation, title_ko="특강", title_en="Talks", zone="Asia/Seoul")
    enrol(series, person=attendee)
    survey = make_draft()

    counts = ask_cohort(survey, cohort, by=admin), ask_series(survey, series, by=admin)

    assert (counts, set(survey.respondents.values_list("person", flat=True))) == ((1, 1), {learner.pk, attendee.pk})
    for refused in (lambda: ask_cohort(survey, cohort, by=learner), lambda: ask_series(survey, series, by=learner)):
        with pytest.raises(Forbidden):
            refused()


# --- letters, what is taken along, who is forgotten


def test_letters_go_to_those_who_have_not_answered_and_say_what_is_promised(settings) -> None:
    settings.SCRATCH = False
    survey = make_open()
    [done] = answered(survey, answers())
    waiting = make_person()
    ask(survey, {waiting: ""})
    drain()
    with clock.at(clock.now() + timedelta(days=2)):
        remind(survey)
        drain()

    letters = [m.text for m in Message.objects.filter(receiver=waiting.email) if f"/surveys/{survey.pk}/" in m.text]
    assert len(letters) == 2
    assert all("누가 무엇이라고 답했는지" in text for text in letters)
    assert not Message.objects.filter(receiver=done.email, text__contains="아직").exists()


def test_what_was_said_under_a_name_is_taken_along_and_what_was_not_is_nobodys() -> None:
    named, anonymous = make_open(promise="named"), make_open(reach="anybody")
    [person] = answered(named, answers(text="내 의견"))
    answer(anonymous, person=person, answers=answers(text="비밀"))

    told = {row["survey"]: row for row in surveys_told(person)}

    assert told[named.title_en]["answers"]["text"] == "내 의견"
    assert told[anonymous.title_en] == {
        "survey": anonymous.title_en, "promise": "anonymous", "answered": True, "answers": None,
    }  # fmt: skip


def test_forgetting_somebody_reaches_their_named_answers() -> None:
    survey = make_open(promise="named")
    [person] = answered(survey, answers(text="카나리아"))

    forget(person)

    [reply] = SurveyReply.objects.all()
    assert (reply.person, "text" in reply.answers) == (None, False)
