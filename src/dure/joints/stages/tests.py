"""The joint of test stages: exams are sat, interviews held and surveys answered here where they are bound; all else is
recorded."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from dure.joints.stages.exams import ExamStage
from dure.joints.stages.interviews import ask_to_interviews, on_their_way
from dure.joints.stages.surveys import ask_turns
from dure.programmes.models import Turn


class TestStage(ExamStage):
    """Each sort of test does nothing where nothing of its own is bound."""

    def open(self, turns: Sequence[Turn]) -> None:
        super().open(turns)
        ask_turns(turns[0].programme, turns[0].stage, turns)
        ask_to_interviews(turns[0].programme, turns[0].stage, turns)

    def pending(self, turns: QuerySet[Turn]) -> set[UUID]:
        return super().pending(turns) | on_their_way(turns)
