"""Surveys as people see them: what waits for one's answer, how many have answered, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from dure.assessments.models import Respondent, Survey, SurveyReply, SurveyState
from dure.assessments.tallying import LEAST, Outcome, Tally, groups_of, outcomes, tallied, tally_of
from dure.core import clock
from dure.core.text import Text
from dure.people.models import Person


def surveys_for(person: Person) -> "QuerySet[Survey]":
    """Those that ask somebody and are not drafts: what they have not answered in front, then what ends first."""
    own = Respondent.objects.filter(survey=OuterRef("pk"), person=person)
    waits = Exists(own.filter(answered=False))
    rows = Survey.objects.exclude(state=SurveyState.DRAFT).filter(Exists(own)).annotate(waits=waits)
    return rows.select_related("organisation").order_by("-waits", "-closes_at", "pk")


def waiting_for(person: Person) -> "QuerySet[Survey]":
    """Those that somebody may answer now and was asked to, what ends first in front."""
    now = clock.now()
    going = Q(state=SurveyState.OPEN, opens_at__lte=now, closes_at__gt=now)
    own = Respondent.objects.filter(survey=OuterRef("pk"), person=person, answered=False)
    return Survey.objects.filter(going, Exists(own)).select_related("organisation").order_by("closes_at", "pk")


@dataclass(frozen=True)
class Turnout:
    asked: int
    answered: int

    @property
    def share(self) -> float:
        return self.answered / self.asked if self.asked else 0.0


def turnout_of(survey: Survey) -> Turnout:
    counted = survey.respondents.aggregate(asked=Count("pk"), answered=Count("pk", Q(answered=True)))
    return Turnout(**counted)


def turnouts_of(surveys: Sequence[Survey]) -> dict[str, Turnout]:
    """By the survey's id as text, those of one page together."""
    rows = Respondent.objects.filter(survey__in=surveys).values("survey").order_by()
    told = rows.annotate(asked=Count("pk"), n=Count("pk", Q(answered=True))).values_list("survey", "asked", "n")
    return {str(survey): Turnout(asked, n) for survey, asked, n in told}


def has_answered(person: Person, survey: Survey) -> bool:
    return survey.respondents.filter(person=person, answered=True).exists()


def shows_results(survey: Survey) -> bool:
    """Named answers at once. Anonymous ones once it is closed: of results that grow, the last answer is the
    difference."""
    return survey.state == SurveyState.CLOSED or (survey.state == SurveyState.OPEN and not survey.is_anonymous)


def results_of(survey: Survey) -> list[Outcome]:
    """What is shown of each question; of anonymous answers no cell of fewer than ``LEAST`` persons."""
    return outcomes(survey.asks, tally_for(survey), least=LEAST if survey.is_anonymous else 1)


def tally_for(survey: Survey) -> Tally:
    if survey.is_anonymous:
        return tally_of(survey.counts.values_list("question", "group", "answer", "n"))
    replies = survey.replies.values_list("group", "answers")
    return tallied(survey.asks, replies)


def group_names(survey: Survey) -> dict[str, Text]:
    """Names of the groups that answered, by key; "" are those without one."""
    rest = Text(ko="그 밖의 응답자", en="All others")
    named = {key: Text.of(told) for key, told in survey.groups.items()}
    return {key: named.get(key, Text(ko=key, en=key)) if key else rest for key in groups_of(tally_for(survey))}


def replies_of(survey: Survey) -> "QuerySet[SurveyReply]":
    """Named replies by name; those of people who were forgotten at the end."""
    rows = survey.replies.select_related("person")
    return rows.order_by(F("person__name_key").asc(nulls_last=True), "pk")
