"""Surveys: what is asked, who is asked and has answered, and what was answered: under a name, or nobody's.

Of an anonymous survey no row holds a person and an answer, and none tells when or in which order somebody answered:
answers lie sealed (:mod:`dure.assessments.sealing`) until the survey closes, and are counts from then on.
"""

from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.assessments.surveying import Question
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class SurveyState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


SURVEY_MOVES: Moves[SurveyState] = Moves(
    {SurveyState.DRAFT: {SurveyState.OPEN}, SurveyState.OPEN: {SurveyState.CLOSED}}
)


class Promise(models.TextChoices):
    """What those who answer are told about their names; it stands from the opening on."""

    ANONYMOUS = "anonymous"
    NAMED = "named"


class Reach(models.TextChoices):
    """Who may answer."""

    ASKED = "asked"  # those who are asked by name
    MEMBERS = "members"  # and whoever belongs to the organisation and has the link
    ANYBODY = "anybody"  # and whoever is signed in and has the link


class Survey(Row):
    """Questions of an organisation, answered between ``opens_at`` and ``closes_at``.

    ``questions`` are :class:`dure.assessments.surveying.Question` as JSON, ``groups`` the names of those by which
    results are compared, by key. ``public_key`` seals anonymous answers. ``previous`` is the edition before.
    ``is_lost``: it was closed without the key that opens its answers.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="surveys")
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en")
    about_ko = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    promise = models.CharField(max_length=9, choices=Promise.choices)
    reach = models.CharField(max_length=7, choices=Reach.choices, default=Reach.ASKED)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    questions = models.JSONField(default=list)
    groups = models.JSONField(default=dict)
    state = models.CharField(max_length=6, choices=SurveyState.choices, default=SurveyState.DRAFT)
    public_key = models.CharField(max_length=64, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="editions")
    reminded_at = models.DateTimeField(null=True)
    is_lost = models.BooleanField(default=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("state", SurveyState, "survey_state_known"),
            one_of("promise", Promise, "survey_promise_known"),
            one_of("reach", Reach, "survey_reach_known"),
            CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="survey_runs_forward"),
            CheckConstraint(
                condition=Q(state=SurveyState.DRAFT) | Q(promise=Promise.NAMED) | ~Q(public_key=""),
                name="survey_sealed_where_promised",
            ),
        ]
        indexes = [
            Index(fields=["organisation", "-id"], name="survey_of_organisation"),
            Index(fields=["state", "closes_at"], name="survey_ending"),
        ]

    def __str__(self) -> str:
        return self.title_en

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def about(self) -> Text:
        return Text(ko=self.about_ko or self.about_en, en=self.about_en or self.about_ko)

    @property
    def asks(self) -> list[Question]:
        return [Question.of(told) for told in self.questions]

    @property
    def is_anonymous(self) -> bool:
        return self.promise == Promise.ANONYMOUS

    @property
    def is_going(self) -> bool:
        """Whether answers are taken now."""
        return self.state == SurveyState.OPEN and self.opens_at <= clock.now() < self.closes_at


class SurveyLetter(models.TextChoices):
    """What a person asked is to be written next."""

    NONE = "none"
    INVITATION = "invitation"
    REMINDER = "reminder"


class Respondent(models.Model):
    """Somebody who is asked, and whether they have answered. Its key tells no time: UUIDv4."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="respondents")
    person = models.ForeignKey(Person, models.PROTECT, related_name="surveys_asked")
    group = models.CharField(max_length=80, blank=True)
    answered = models.BooleanField(default=False)
    letter = models.CharField(max_length=10, choices=SurveyLetter.choices, default=SurveyLetter.NONE)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["survey", "person"], name="respondent_once_a_survey"),
            one_of("letter", SurveyLetter, "respondent_letter_known"),
        ]
        indexes = [
            Index(fields=["survey", "answered"], name="respondent_answered"),
            Index(fields=["survey", "letter", "id"], name="respondent_written_to"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.person_id}"


class SurveyReply(Row):
    """What somebody answered under their name; None: they were forgotten, and so were their texts."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="replies")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="survey_replies")
    group = models.CharField(max_length=80, blank=True)
    answers = models.JSONField()
    sent_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["survey", "person"], name="reply_once_a_survey")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.person_id}"


class SealedAnswer(models.Model):
    """An anonymous answer until its survey closes: group and answers, which only the survey's key opens."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="sealed")
    box = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.survey_id}"


class AnswerCount(models.Model):
    """How often an answer was given by a group; the question "" counts persons.

    Of an anonymous survey since it closed; of one with names as replies come in, each text in a row of its own.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="counts")
    question = models.CharField(max_length=40, blank=True)
    group = models.CharField(max_length=80, blank=True)
    answer = models.TextField(blank=True)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [CheckConstraint(condition=Q(n__gt=0), name="count_of_some")]
        indexes = [Index(fields=["survey", "question", "group"], name="count_of_question")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.question}"
