"""Surveys as people see them: what waits for one's answer, how many have answered, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from dure.assessments.models import Respondent, Survey, SurveyReply, SurveyState
from dure.assessments.surveying import Sort
from dure.assessments.tallying import LEAST, Outcome, Tally, groups_of, outcomes, tally_of
from dure.core.text import Text
from dure.people.models import Person


def surveys_for(person: Person) -> "QuerySet[Survey]":
    """Those that ask somebody and are not drafts: what they have not answered in front, then what ends first."""
    own = Respondent.objects.filter(survey=OuterRef("pk"), person=person)
    waits = Exists(own.filter(answered=False))
    rows = Survey.objects.exclude(state=SurveyState.DRAFT).filter(Exists(own)).annotate(waits=waits)
    return rows.select_related("organisation").order_by("-waits", "-closes_at", "pk")


@dataclass(frozen=True)
class Turnout:
    asked: int
    answered: int

    @property
    def share(self) -> float:
        return self.answered / self.asked if self.asked else 0.0


def turnout_of(survey: Survey) -> Turnout:
    by_index_alone = {"asked": Count("survey"), "answered": Count("survey", Q(answered=True))}
    return Turnout(**survey.respondents.aggregate(**by_index_alone))


def turnouts_of(surveys: Sequence[Survey]) -> dict[str, Turnout]:
    """By the survey's id as text, those of one page together."""
    rows = Respondent.objects.filter(survey__in=surveys).values("survey").order_by()
    told = rows.annotate(asked=Count("survey"), n=Count("survey", Q(answered=True))).values_list("survey", "asked", "n")
    return {str(survey): Turnout(asked, n) for survey, asked, n in told}


def has_answered(person: Person, survey: Survey) -> bool:
    return survey.respondents.filter(person=person, answered=True).exists()


def shows_results(survey: Survey) -> bool:
    """Named answers at once. Anonymous ones once it is closed: of results that grow, the last answer is the
    difference."""
    return survey.state == SurveyState.CLOSED or (survey.state == SurveyState.OPEN and not survey.is_anonymous)


@dataclass(frozen=True)
class Results:
    """``groups``: names of those that answered, by key; "" are those without one."""

    outcomes: Sequence[Outcome]
    groups: Mapping[str, Text]


def results_of(survey: Survey, *, texts: bool = True) -> Results:
    """What is shown of each question; of anonymous answers no cell of fewer than ``LEAST`` persons. Without ``texts``
    none of what was written."""
    tally = tally_for(survey, texts=texts)
    shown = outcomes(survey.asks, tally, least=LEAST if survey.is_anonymous else 1)
    return Results(shown, _group_names(survey, tally))


def tally_for(survey: Survey, *, texts: bool = True) -> Tally:
    """As it is kept: of anonymous answers since the close, of named ones with each reply."""
    left_out = [] if texts else [one.key for one in survey.asks if one.sort is Sort.TEXT]
    counts = survey.counts.exclude(question__in=left_out).order_by()
    return tally_of(counts.values_list("question", "group", "answer", "n"))


def _group_names(survey: Survey, tally: Tally) -> dict[str, Text]:
    rest = Text(ko="그 밖의 응답자", en="All others")
    named = {key: Text.of(told) for key, told in survey.groups.items()}
    return {key: named.get(key, Text(ko=key, en=key)) if key else rest for key in groups_of(tally)}


def replies_of(survey: Survey) -> "QuerySet[SurveyReply]":
    """Named replies by name; those of people who were forgotten at the end."""
    rows = survey.replies.select_related("person")
    return rows.order_by(F("person__name_key").asc(nulls_last=True), "pk")
