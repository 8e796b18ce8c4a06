"""Rehearsing a draft: choose size, seed and draws, run, read what came out, keep it, compare two."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint import editing, sheet
from dure.blueprint.cohort import SEED
from dure.blueprint.conditions import head, word_of
from dure.blueprint.document import Flaw, Flaws
from dure.blueprint.document import Table as Mapped
from dure.blueprint.library import load_blueprint
from dure.blueprint.lint import lint_text
from dure.blueprint.model import Blueprint, Path
from dure.blueprint.places import Names
from dure.blueprint.rehearsal import Outcome, rehearse
from dure.blueprint.report import Table, passing, tables
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.programmes.models import Draft, Rehearsal
from dure.programmes.operations.drafting import keep_rehearsal, version_in_force
from dure.site import charts, words
from dure.site.studio.finding import draft_for, for_makers, rehearsal_for
from dure.site.studio.looking import library, look_at, picture_of

MOST_CASES, MOST_SEED, SHOWN = 100_000, 2**63 - 1, 50
DRAWS: dict[str, str | Promise] = {
    "facts": "",
    "evidence": _("Evidence"),
    "external": _("Outside test or review"),
    "bind": _("Values"),
}
ENTRIES = ("rehearse", "entries")
_SIZE = Text(
    ko="참가 건 수는 1부터 {most:,}까지입니다. 더 큰 규모는 파일을 내려받아 명령줄(dure rehearse)에서 실행하세요.",
    en="Choose from 1 to {most:,} cases. For more, download the file and run dure rehearse on it.",
).format(most=MOST_CASES)
_SEED = Text(ko="시드는 0 이상의 정수입니다.", en="The seed is a whole number from 0.")
_ODD_DRAWS = Text(ko="이 값으로는 뽑을 수 없습니다.", en="Nothing can be drawn from this.")
_UNSOUND = Text(
    ko="고칠 곳이 남아 있어 모의 운영을 할 수 없습니다. ‘작성’ 탭에서 표시된 곳을 고치세요.",
    en="There are places to correct before this can be rehearsed: see the Write tab.",
)


@dataclass(frozen=True)
class Draw:
    """One thing that the rehearsal draws: as the text says it, for the reader to say otherwise."""

    path: Path
    title: str
    value: str

    @property
    def name(self) -> str:
        return ".".join(str(step) for step in self.path)

    @property
    def sort(self) -> str | Promise:
        """Of what it is one, where it is no fact of somebody."""
        return DRAWS[str(self.path[1])]


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """How to rehearse the draft, and what was kept; sending it rehearses."""
    draft = draft_for(request, draft_id)
    if request.method == "POST":
        return redirect("rehearsal", _run(request, draft).pk)
    version = version_in_force(draft)
    kept = Rehearsal.objects.filter(version__draft=draft).defer("outcome").select_related("version")
    look = look_at(version.text)
    draws = list(draws_of(version.text, look.blueprint)) if look.blueprint and look.is_sound else []
    seen = {
        "draft": draft, "version": version, "flaws": look.flaws, "kept": kept.order_by("-pk")[:SHOWN], "seed": SEED,
        "draws": draws, "cases": _entries(version.text), "most": MOST_CASES,
    }  # fmt: skip
    return render(request, "studio/rehearse.html", seen)


def _entries(text: str) -> str:
    try:
        found = sheet.plain_at(text, ENTRIES)
    except Flaws:
        found = None
    return found if isinstance(found, str) else "100"


def draws_of(text: str, blueprint: Blueprint) -> Iterator[Draw]:
    """Everything that ``rehearse`` draws, and the answers and profile facts that it says nothing of."""
    read = sheet.Sheet.of(text)
    names = Names.of(read.document)
    for sort in DRAWS:
        table = read.document.find(("rehearse", sort))
        standing = list(table.entries) if isinstance(table, Mapped) else []
        asked = names.at(("rehearse", "facts")) if sort == "facts" else ()
        for name in dict.fromkeys([*standing, *asked]):
            path = ("rehearse", sort, name)
            yield Draw(path, words.say(_title(blueprint, name)), sheet.source_on(read, path))


def _title(blueprint: Blueprint, name: str) -> Text:
    parts = [head(word_of(blueprint, part)) for part in name.split(".")]
    return Text(ko=" – ".join(part.ko for part in parts), en=" – ".join(part.en for part in parts))


def _run(request: HttpRequest, draft: Draft) -> Rehearsal:
    version = version_in_force(draft)
    look = look_at(version.text)
    if look.blueprint is None or not look.is_sound:
        raise Refused("rehearse.unsound", _UNSOUND)
    cases, seed = _number(request, "cases", (1, MOST_CASES), _SIZE), _number(request, "seed", (0, MOST_SEED), _SEED)
    draws = list(draws_of(version.text, look.blueprint))
    overrides = _overrides(request, draws)
    text = overridden(version.text, overrides, cases=cases)
    if flaws := lint_text(text.encode(), "", library()):
        raise Flawed("rehearse.draws", _ODD_DRAWS, errors=[_at_its_draw(flaw, text, draws) for flaw in flaws])
    outcome = rehearse(load_blueprint(text.encode()), cases=cases, seed=seed)
    return keep_rehearsal(version, outcome, overrides=overrides)


def _overrides(request: HttpRequest, draws: Iterable[Draw]) -> dict[str, str]:
    """What is to be drawn otherwise than the text says."""
    sent = {draw.name: (request.POST.get(draw.name, draw.value).strip(), draw.value) for draw in draws}
    return {name: new for name, (new, old) in sent.items() if new != old}


def _at_its_draw(flaw: Flaw, text: str, draws: Iterable[Draw]) -> dict[str, str]:
    """A flaw of the overridden text as one of the field whose draw stands there, where it is one's."""
    document = sheet.Sheet.of(text).document
    for draw in draws:
        node = document.find(draw.path)
        if node is not None and node.mark.line <= flaw.line <= max(node.mark.line, node.end.line):
            return _flaw(draw.name, Text(ko=f"{draw.title}: {flaw.text.ko}", en=f"{draw.title}: {flaw.text.en}"))
    return flaw.text.as_dict()


def _flaw(name: str, text: Text) -> dict[str, str]:
    return {"field": name, **text.as_dict()}


def overridden(text: str, overrides: Mapping[str, str], *, cases: int) -> str:
    """The text with other draws; an empty one is left to chance. Raises Flawed for what is no YAML."""
    for name, said in overrides.items():
        _root, sort, field = name.split(".", 2)
        path = ("rehearse", sort, field)
        if said:
            text = _drawn(text, path, said)
        elif sheet.plain_at(text, path) is not None:
            text = editing.drop(text, path)
    if overrides and sheet.plain_at(text, ENTRIES) is None:  # what says how to draw says how many
        text = editing.put(text, ENTRIES, str(cases))
    return text


def _drawn(text: str, path: Path, said: str) -> str:
    try:
        return editing.put_source(editing.put(text, path, "x"), path, said)
    except Refused as odd:
        name = ".".join(map(str, path))
        raise Flawed("rehearse.draws", _ODD_DRAWS, errors=[_flaw(name, odd.text)]) from odd


def _number(request: HttpRequest, name: str, bounds: tuple[int, int], refusal: Text) -> int:
    written = request.POST.get(name, "").strip()
    if not written.isdecimal() or not bounds[0] <= int(written) <= bounds[1]:
        raise Flawed(f"rehearse.{name}", refusal)
    return int(written)


@for_makers
@require_safe
def result(request: HttpRequest, rehearsal_id: UUID) -> HttpResponse:
    """What came out of one rehearsal."""
    rehearsal = rehearsal_for(request, rehearsal_id)
    outcome = outcome_of(rehearsal)
    others = Rehearsal.objects.filter(version__draft=rehearsal.version.draft).exclude(pk=rehearsal.pk)
    seen = {
        "draft": rehearsal.version.draft, "rehearsal": rehearsal, "outcome": outcome,
        "tables": list(map(_spoken, tables(outcome))), "left": left_of(outcome),
        "picture": picture_of(outcome.blueprint, passing(outcome)),
        "others": others.defer("outcome").select_related("version").order_by("-pk")[:SHOWN],
    }  # fmt: skip
    return render(request, "studio/result.html", seen)


def _spoken(table: Table) -> dict[str, object]:
    """A table in the visitor's language."""
    rows = [[_told(cell) for cell in row] for row in table.rows]
    return {"title": words.say(table.title), "heads": [words.say(head) for head in table.heads], "rows": rows}


def outcome_of(rehearsal: Rehearsal) -> Outcome:
    text = overridden(rehearsal.version.text, rehearsal.overrides, cases=rehearsal.cases)
    return Outcome.of_record(load_blueprint(text.encode()), rehearsal.outcome)


def left_of(outcome: Outcome) -> list[charts.Bar]:
    """How many pass each stage, as bars."""
    return charts.bars((words.word(outcome.blueprint, stage.id), stage.passed) for stage in outcome.stages)


@for_makers
@require_safe
def as_json(request: HttpRequest, rehearsal_id: UUID) -> HttpResponse:
    """The document that ``dure rehearse --json`` prints."""
    rehearsal = rehearsal_for(request, rehearsal_id)
    name = f"{rehearsal.version.draft.name}-{rehearsal.cases}.json"
    answer = JsonResponse(outcome_of(rehearsal).as_json(), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@dataclass(frozen=True)
class Row:
    """One thing in two rehearsals; a dash where one of them does not have it."""

    what: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


@for_makers
@require_safe
def compare(request: HttpRequest, rehearsal_id: UUID, other_id: UUID) -> HttpResponse:
    """Two rehearsals of one draft side by side."""
    pair = [rehearsal_for(request, found) for found in (rehearsal_id, other_id)]
    outcomes = [outcome_of(rehearsal) for rehearsal in pair]
    seen: dict[str, Any] = {
        "draft": pair[0].version.draft, "one": pair[0], "other": pair[1],
        "tables": side_by_side(*(tables(outcome) for outcome in outcomes)),
        "pictures": [picture_of(outcome.blueprint, passing(outcome)) for outcome in outcomes],
    }  # fmt: skip
    return render(request, "studio/rehearsals.html", seen)


def side_by_side(one: list[Table], other: list[Table]) -> list[tuple[str, list[Row]]]:
    """Every table of either, row by row; where a table has several columns, a row for each."""
    first, second = ({words.say(table.title): _cells(table) for table in side} for side in (one, other))
    found = []
    for title in dict.fromkeys([*first, *second]):
        left, right = first.get(title, {}), second.get(title, {})
        rows = [Row(what, left.get(what, "–"), right.get(what, "–")) for what in dict.fromkeys([*left, *right])]
        found.append((title, rows))
    return found


def _cells(table: Table) -> dict[str, str]:
    """By what they are about, what the cells say."""
    heads = [words.say(head) for head in table.heads[1:]]
    cells: dict[str, str] = {}
    for name, *values in table.rows:
        for at, value in enumerate(values):
            column = f" · {heads[at]}" if len(values) > 1 else ""
            cells[f"{_told(name)}{column}"] = _told(value)
    return cells


def _told(cell: Text | str) -> str:
    return words.say(cell) if isinstance(cell, Text) else cell
