"""Points of interviews as pages show them: each criterion with what was given for it."""

from dataclasses import dataclass
from decimal import Decimal

from dure.assessments.models import Interview
from dure.core.rubrics import Criterion
from dure.core.text import Text


@dataclass(frozen=True)
class Row:
    """A criterion with the points that somebody gave."""

    criterion: Criterion
    points: Decimal | None

    @property
    def name(self) -> Text:
        return self.criterion.text


def rows_of(interview: Interview, points: dict[str, Decimal]) -> list[Row]:
    return [Row(one, points.get(one.key)) for one in interview.read.criteria]
