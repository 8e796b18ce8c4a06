"""The sheet of a stage's evidence: a line for each turn, a column for each thing it leaves behind."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from dure.blueprint.facts import evidence_of
from dure.blueprint.reasons import fact_text
from dure.joints.sheets.cells import Cell
from dure.joints.sheets.sheet import AS_OF, FIRST, Column, Line, Sheet, column, free, not_yours, whose
from dure.joints.stages.recorded import record_evidence
from dure.joints.values import FROM_ELSEWHERE
from dure.programmes import rules
from dure.programmes.models import Turn

PROOF = column("proof", entered=True)


class EvidenceSheet(Sheet[Turn]):
    """Entering a line hands the turn in, as entering it on the page does. A test's ``proof`` is its evidence's too."""

    keys: ClassVar = ("turn",)

    def columns(self) -> Sequence[Column]:
        fields = [Column(name, fact_text(self.blueprint, field), entered=True) for field, name in self.fields().items()]
        return [*FIRST, *fields, *self._proof(), column(AS_OF)]

    def fields(self) -> dict[str, str]:
        """Each field of the evidence with the name of its column."""
        taken = [*FIRST, *self._proof(), column(AS_OF)]
        known = evidence_of(self.blueprint, self.stage)
        return {field: free(self.stage, field, taken) for field in known if field not in FROM_ELSEWHERE}

    def _proof(self) -> list[Column]:
        return [] if self.stage.kind == "test" else [PROOF]

    def place(self, field: str) -> str:
        return self.fields().get(field, field)

    def lines(self) -> Iterator[Line[Turn]]:
        if self.operates:
            return (line for turns in self.turns_in_pieces() for line in self._lines_of(turns))
        mine = [turn for turn in self.turns() if rules.may_record(self.by, turn)]
        if not mine:
            raise not_yours()
        return iter(self._lines_of(mine))

    def _lines_of(self, turns: Sequence[Turn]) -> list[Line[Turn]]:
        first, fields = whose(turns), self.fields()
        return [Line(turn, {**first[turn], **_shown(turn, fields)}) for turn in turns]

    def change(self, subject: Turn, row: Mapping[str, str], changed: Sequence[str]) -> None:
        values = {field: row[name] for field, name in self.fields().items() if name in changed}
        record_evidence(subject, values, by=self.by, proof=row["proof"])


def _shown(turn: Turn, fields: Mapping[str, str]) -> dict[str, Cell]:
    if turn.evidence is None:
        return {}
    values = {name: turn.evidence.values.get(field) for field, name in fields.items()}
    return {"proof": turn.evidence.proof, **values, AS_OF: str(turn.evidence.pk)}
