"""What happened in tests, told to whoever asked."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class AttemptMarked(Fact):
    """Every answer of an attempt has its mark; nobody but the examiners sees it yet."""

    attempt: UUID


@dataclass(frozen=True)
class ResultReleased(Fact):
    """The result of an attempt counts: its candidate was told."""

    attempt: UUID


@dataclass(frozen=True)
class ResultChanged(Fact):
    """A released result became another one, because a question was marked again."""

    attempt: UUID


@dataclass(frozen=True)
class AttemptVoided(Fact):
    """An attempt counts no more, released or not."""

    attempt: UUID


@dataclass(frozen=True)
class InterviewReleased(Fact):
    """What an interview came to counts: its interviewee was told."""

    interviewee: UUID


@dataclass(frozen=True)
class InterviewReopened(Fact):
    """A released result counts no more; it is talked about again."""

    interviewee: UUID


@dataclass(frozen=True)
class SurveyAnswered(Fact):
    """Somebody has answered a survey; not what."""

    survey: UUID
    person: UUID


@dataclass(frozen=True)
class SurveyLettersDue(Fact):
    """Some of those whom a survey asks are to be written to."""

    survey: UUID
