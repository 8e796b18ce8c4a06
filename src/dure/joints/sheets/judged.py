"""The sheets of what people say at a gate: decisions, reviews, proofs."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import ClassVar
from uuid import UUID

from dure.blueprint.model import DecideStep, ExternalStep, PanelStep
from dure.blueprint.reasons import fact_text
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.gates.decide import decide
from dure.joints.gates.external import VERDICTS, enter_proof, refuse_without_proof, verify_proof
from dure.joints.gates.panel import give_marks, is_blind, title_told
from dure.joints.models import Proof, ProofState, Review, ReviewState, Say
from dure.joints.sheets.cells import Cell, number_of, text_of, yes_or_no
from dure.joints.sheets.sheet import AS_OF, FIRST, Column, Line, Sheet, column, free, names, not_yours, of_turn, whose
from dure.programmes import rules
from dure.programmes.models import Turn
from dure.programmes.queries.members import members_by_turn
from dure.programmes.queries.options import first_option
from dure.programmes.queries.standing import standing

YES_OR_NO = Text(ko="예(yes) 또는 아니요(no)를 입력하세요.", en="Enter yes or no.")
POINTS = Text(ko="0에서 100 사이의 점수를 숫자로 입력하세요.", en="Enter points from 0 to 100.")
NO_REFERENCE = Text(ko="증빙 번호를 먼저 입력하세요.", en="Enter the proof's number first.")
WITH_VERDICT = Text(
    ko="확인(verified) 열에 yes 또는 no를 함께 입력하세요.", en="Enter yes or no under verified as well."
)
Judged = tuple[Turn, int]  # a turn and the number of a step of its stage's gate


def flawed(field: str, text: Text) -> Flawed:
    return Flawed("sheet.cell", text, errors=[{"field": field, **text.as_dict()}])


class _StepSheet(Sheet[Judged]):
    """A line for each hand-in and each step of one sort in the gate."""

    keys: ClassVar = ("turn", "step")
    sort: ClassVar[type[DecideStep] | type[ExternalStep]]

    def said(self, turns: Sequence[Turn]) -> Mapping[Judged, Mapping[str, Cell]]:
        """What was said about the hand-ins that stand."""
        raise NotImplementedError

    def lines(self) -> Iterable[Line[Judged]]:
        return (line for turns in self.turns_in_pieces() for line in self._lines_of(turns))

    def _lines_of(self, all_turns: Sequence[Turn]) -> list[Line[Judged]]:
        turns = [turn for turn in all_turns if turn.handed_in_at and turn.evidence_id]
        first, said = whose(turns), self.said(turns)
        return [
            Line((turn, step), {**first[turn], "step": step, **said.get((turn, step), {})})
            for turn, step in self._facing(turns)
        ]

    def _facing(self, turns: Sequence[Turn]) -> list[Judged]:
        steps = [(number, step) for number, step in enumerate(self.stage.gate) if isinstance(step, self.sort)]
        options = self._options if any(step.options for _, step in steps) else {}
        return [(t, n) for t in turns for n, step in steps if not step.options or options[t.pk] in step.options]

    @cached_property
    def _options(self) -> dict[UUID, str | None]:
        turns = Turn.objects.filter(programme=self.programme, stage=self.stage.id)
        return first_option(self.programme, self.stage, standing(turns))


class DecisionSheet(_StepSheet):
    """A yes or no for each hand-in, with its reason."""

    sort = DecideStep

    def columns(self) -> Sequence[Column]:
        return [*FIRST, column("step"), column("decision", entered=True), column("reason", entered=True), column(AS_OF)]

    def lines(self) -> Iterable[Line[Judged]]:
        roles = [step.role for step in self.stage.gate if isinstance(step, DecideStep)]
        if not self.operates and not any(rules.sits_in(self.by, self.programme, role) for role in roles):
            raise not_yours()
        return super().lines()

    def said(self, turns: Sequence[Turn]) -> Mapping[Judged, Mapping[str, Cell]]:
        rows = Say.objects.filter(turn__in=turns)
        says = {(say.evidence_id, say.step): say for say in rows}
        found: dict[Judged, Mapping[str, Cell]] = {}
        for turn, step in self._facing(turns):
            say = says.get((turn.evidence_id, step)) if turn.evidence_id else None
            shown: dict[str, Cell] = {"decision": say.yes, "reason": say.reason} if say else {}
            found[turn, step] = {**shown, AS_OF: f"{turn.evidence_id} {text_of(shown.get('decision'))}".strip()}
        return found

    def change(self, subject: Judged, row: Mapping[str, str], changed: Sequence[str]) -> None:
        yes = yes_or_no(row["decision"])
        if yes is None:
            raise flawed("decision", YES_OR_NO)
        turn, step = subject
        decide(turn, step, by=self.by, yes=yes, reason=row["reason"])


class ProofSheet(_StepSheet):
    """What an outside body gave for each hand-in, and whether it was verified."""

    sort = ExternalStep

    def columns(self) -> Sequence[Column]:
        entered = [column(name, entered=True) for name in ("reference", "verified", "note")]
        return [*FIRST, column("step"), *entered]

    def lines(self) -> Iterable[Line[Judged]]:
        if not self.operates:
            raise not_yours()
        return super().lines()

    def said(self, turns: Sequence[Turn]) -> Mapping[Judged, Mapping[str, Cell]]:
        proofs = Proof.objects.filter(turn__in=turns)
        by_hand_in = {proof.evidence_id: proof for proof in proofs}
        return {
            (turn, proof.step): {
                "reference": proof.reference,
                "verified": VERDICTS.get(ProofState(proof.state)),
                "note": proof.note,
            }
            for turn in turns
            if turn.evidence_id and (proof := by_hand_in.get(turn.evidence_id))
        }

    def change(self, subject: Judged, row: Mapping[str, str], changed: Sequence[str]) -> None:
        turn, step = subject
        if "reference" in changed:
            enter_proof(turn, step, by=self.by, reference=row["reference"])
        if "verified" in changed:
            self._verify(turn, step, row)
        elif "note" in changed:
            raise flawed("verified", WITH_VERDICT)

    def _verify(self, turn: Turn, step: int, row: Mapping[str, str]) -> None:
        holds = yes_or_no(row["verified"])
        if holds is None:
            raise flawed("verified", YES_OR_NO)
        proof = Proof.objects.filter(turn=turn, step=step, evidence=turn.evidence_id).first()
        if proof:
            verify_proof(proof, by=self.by, holds=holds, note=row["note"])
        elif holds:
            raise flawed("reference", NO_REFERENCE)
        else:
            refuse_without_proof(turn, step, by=self.by, note=row["note"])


class ReviewSheet(Sheet[Review]):
    """The marks of a panel: a reviewer's own seats, without names where it is blind; all of them, to be read, for an
    operator."""

    keys: ClassVar = ("review",)
    FIXED: ClassVar = (column("review"), *FIRST[1:], column("step"), column("reviewer"))

    def columns(self) -> Sequence[Column]:
        marks = [Column(name, fact_text(self.blueprint, field), entered=True) for field, name in self._criteria.items()]
        return [*self.FIXED, *marks, column("comment", entered=True)]

    @property
    def _criteria(self) -> dict[str, str]:
        """Every criterion of the gate's panels with the name of its column."""
        panels = [step for step in self.stage.gate if isinstance(step, PanelStep)]
        taken = [*self.FIXED, column("comment")]
        return {name: free(self.stage, name, taken) for panel in panels for name in panel.rubric}

    def place(self, field: str) -> str:
        return self._criteria.get(field, field)

    def lines(self) -> Sequence[Line[Review]]:
        rows = Review.objects.filter(turn__programme=self.programme, turn__stage=self.stage.id)
        mine = rows.exclude(state=ReviewState.DECLINED) if self.operates else rows.filter(
            reviewer=self.by, state__in=[ReviewState.ASSIGNED, ReviewState.DONE]
        )  # fmt: skip
        found = list(
            mine.select_related("turn__case", "turn__programme", "reviewer").order_by("turn__case__number", "pk")
        )
        if not found and not self.operates:
            raise not_yours()
        blind = is_blind(self.stage) and not self.operates
        members = {} if blind else members_by_turn([review.turn for review in found])
        return [Line(review, self._shown(review, names(members.get(review.turn_id, ())), blind)) for review in found]

    def _shown(self, review: Review, who: str, blind: bool) -> dict[str, Cell]:
        marks = {name: review.marks.get(field) for field, name in self._criteria.items()}
        case = of_turn(review.turn) | ({"title": title_told(review.turn, blind=True)} if blind else {})
        return {
            "review": str(review.pk), **case, "members": who, "state": review.state,
            "step": review.step, "reviewer": str(review.reviewer), **marks, "comment": review.comment,
        }  # fmt: skip

    def change(self, subject: Review, row: Mapping[str, str], changed: Sequence[str]) -> None:
        marks = {field: row[name] for field, name in self._criteria.items() if row[name]}
        points = {field: number_of(text) for field, text in marks.items()}
        for field, number in points.items():
            if number is None:
                raise flawed(field, POINTS)
        given = {field: number for field, number in points.items() if number is not None}
        give_marks(subject, marks=given, by=self.by, comment=row["comment"])
