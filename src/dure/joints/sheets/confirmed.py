"""The sheets of what somebody confirms: what was given, what was put at disposal."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from dure.core.text import Text
from dure.joints.gives.recorded import confirm
from dure.joints.provides.recorded import confirm_provided
from dure.joints.sheets.cells import Cell, yes_or_no
from dure.joints.sheets.judged import flawed
from dure.joints.sheets.sheet import Column, Line, Sheet, column, not_yours, of_turn
from dure.programmes import rules
from dure.programmes.models import Given, GivenState, Provided, ProvidedState

ONLY_YES = Text(
    ko="완료는 yes로만 표시합니다. 되돌리려면 화면에서 취소하세요.",
    en="Only a yes is entered here. To take it back, revoke it on its page.",
)


def _is_yes(row: Mapping[str, str]) -> None:
    if yes_or_no(row["done"]) is not True:
        raise flawed("done", ONLY_YES)


class GiveSheet(Sheet[Given]):
    """What followed from verdicts, to be confirmed as done."""

    keys: ClassVar = ("give",)

    def columns(self) -> Sequence[Column]:
        shown = ("give", "case", "title", "receiver", "kind", "name", "amount", "currency", "state")
        return [*map(column, shown), column("done", entered=True), column("note", entered=True)]

    def lines(self) -> Sequence[Line[Given]]:
        if not self.operates:
            raise not_yours()
        rows = Given.objects.filter(programme=self.programme, stage=self.stage.id)
        found = rows.select_related("turn__case", "person", "organisation", "programme")
        return [Line(given, _of_given(given)) for given in found.order_by("turn__case__number", "index", "pk")]

    def change(self, subject: Given, row: Mapping[str, str], changed: Sequence[str]) -> None:
        _is_yes(row)
        confirm(subject, by=self.by, note=row["note"])


def _of_given(given: Given) -> dict[str, Cell]:
    return {
        "give": str(given.pk), **of_turn(given.turn), "receiver": str(given.person or given.organisation or ""),
        "kind": given.kind, "name": given.name, "amount": given.amount, "currency": given.currency,
        "state": given.state, "done": given.state == GivenState.DONE, "note": given.details.get("note", ""),
    }  # fmt: skip


class ProvidedSheet(Sheet[Provided]):
    """What is put at the turns' disposal, to be confirmed by the party that provides it."""

    keys: ClassVar = ("provided",)

    def columns(self) -> Sequence[Column]:
        shown = ("provided", "case", "title", "type", "amount", "unit", "state")
        return [*map(column, shown), column("done", entered=True)]

    def lines(self) -> Sequence[Line[Provided]]:
        parties = {i: provision.party for i, provision in enumerate(self.stage.provides)}
        mine = {i for i, party in parties.items() if self.operates or rules.stands_for(self.by, self.programme, party)}
        if not mine and not self.operates:
            raise not_yours()
        rows = Provided.objects.filter(programme=self.programme, stage=self.stage.id, index__in=mine)
        found = rows.select_related("turn__case", "programme").order_by("turn__case__number", "index", "pk")
        return [Line(provided, _of_provided(provided)) for provided in found]

    def change(self, subject: Provided, row: Mapping[str, str], changed: Sequence[str]) -> None:
        _is_yes(row)
        confirm_provided(subject, by=self.by)


def _of_provided(provided: Provided) -> dict[str, Cell]:
    return {
        "provided": str(provided.pk), **of_turn(provided.turn), "type": provided.type, "amount": provided.amount,
        "unit": provided.unit, "state": provided.state, "done": provided.state != ProvidedState.DUE,
    }  # fmt: skip
