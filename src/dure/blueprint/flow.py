"""A blueprint as a picture: stages from top to bottom, gates as diamonds, gives as tags, parties as colours.

Of a blueprint alone, or of a rehearsal with how many went which way. One drawing for the studio, for the report's
page and for whoever asks: inline SVG in both languages or in one, without a style of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from unicodedata import east_asian_width

from dure.blueprint.gives import seats
from dure.blueprint.korean import word as language_word
from dure.blueprint.model import (
    Blueprint,
    CredentialGive,
    DecideStep,
    ExternalStep,
    Give,
    LearnDo,
    Moment,
    MoneyGive,
    PanelStep,
    PrivilegeGive,
    PublishGive,
    RankStep,
    RoleGive,
    Rule,
    RuleStep,
    SpawnGive,
    Stage,
    Step,
    TestDo,
    When,
)
from dure.blueprint.reasons import fact_text
from dure.core.currencies import named
from dure.core.text import Text

LETTERS = 32  # terminal columns that fit into a box
WIDE, LOW, HIGH, GAP_X, GAP_Y = 264, 58, 80, 34, 44  # a stage's box and what lies between two, in pixels
ROW, MARGIN, COLOURS, LEGEND = 27, 10, 6, 26
Languages = Sequence[str]
Link = Callable[[str], Mapping[str, str]]
"""By a stage's id, the attributes of the link that its box is."""


@dataclass(frozen=True, slots=True)
class Passing:
    """How many turns came to a stage, and how they left it."""

    entered: int
    passed: int
    out: int


@dataclass(frozen=True, slots=True)
class Box:
    """A stage where it is drawn: its lines, the steps of its gate, its gives, the colours of its parties."""

    stage: str
    title: Text
    about: Text
    steps: tuple[Text, ...]
    gives: tuple[tuple[str, Text], ...]
    parties: tuple[int, ...]
    x: int
    y: int
    passing: Passing | None

    @property
    def top(self) -> int:
        """The height of the box itself; what judges and what is given stands below it."""
        return LOW if self.passing is None else HIGH

    @property
    def height(self) -> int:
        return self.top + ROW * (len(self.steps) + len(self.gives))

    def told(self, language: str) -> str:
        """The box in a sentence, for those who hear it."""
        parts = [self.title, self.about, *self.steps, *(give for _, give in self.gives)]
        counts = [_counts(self.passing)] if self.passing else []
        return " · ".join(part[language] for part in [*parts[:2], *counts, *parts[2:]])


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one stage to another; ``part`` of the turns that came to the first go this way."""

    above: Box
    below: Box
    out: bool
    part: float | None


@dataclass(frozen=True, slots=True)
class Flow:
    title: Text
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    parties: tuple[Text, ...]
    width: int = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        across = max((box.x + WIDE for box in self.boxes), default=0)
        object.__setattr__(self, "width", across + 2 * MARGIN)
        object.__setattr__(self, "height", max((box.y + box.height for box in self.boxes), default=0) + MARGIN)


def flow_of(blueprint: Blueprint, passing: Mapping[str, Passing] | None = None) -> Flow:
    """The picture of a blueprint, which need not be sound: what leads nowhere is left out."""
    boxes = _placed(blueprint, passing or {})
    arrows = [
        Arrow(boxes[after.stage], boxes[stage.id], after.out, _part(boxes[after.stage].passing, out=after.out))
        for stage in blueprint.stages
        for after in stage.after
        if after.stage in boxes
    ]
    named = tuple(blueprint.word(party) for party in blueprint.parties)
    return Flow(blueprint.title, tuple(boxes.values()), tuple(arrows), named)


def _placed(blueprint: Blueprint, passing: Mapping[str, Passing]) -> dict[str, Box]:
    """Stages in layers, each below those that it comes after."""
    depth: dict[str, int] = {}
    layers: dict[int, list[Stage]] = {}
    for stage in blueprint.stages:
        depth[stage.id] = 1 + max((depth.get(after.stage, -1) for after in stage.after), default=-1)
        layers.setdefault(depth[stage.id], []).append(stage)
    boxes: dict[str, Box] = {}
    y = MARGIN + LEGEND * (-(-len(blueprint.parties) // 2))
    for layer in sorted(layers):
        row = [_box(blueprint, stage, (at, y), passing.get(stage.id)) for at, stage in enumerate(layers[layer])]
        boxes |= {box.stage: box for box in row}
        y += max(box.height for box in row) + GAP_Y
    return {stage.id: boxes[stage.id] for stage in blueprint.stages}


def _box(blueprint: Blueprint, stage: Stage, place: tuple[int, int], passing: Passing | None) -> Box:
    column, y = place
    known = list(blueprint.parties)
    return Box(
        stage=stage.id,
        title=blueprint.word(stage.id),
        about=_joined([language_word(stage.kind), *_window(stage)]),
        steps=tuple(_step(blueprint, step, passing if at == 0 else None) for at, step in enumerate(stage.gate)),
        gives=tuple(_give(blueprint, give) for give in stage.gives),
        parties=tuple(known.index(party) for party in _parties(blueprint, stage) if party in known),
        x=MARGIN + column * (WIDE + GAP_X),
        y=y,
        passing=passing,
    )


def _part(passing: Passing | None, *, out: bool) -> float | None:
    if passing is None:
        return None
    return (passing.out if out else passing.passed) / max(passing.entered, 1)


def _parties(blueprint: Blueprint, stage: Stage) -> dict[str, None]:
    """The parties that have a hand in a stage, each once: by name or by one of their roles."""
    do = stage.do
    named: list[str] = [provision.party for provision in stage.provides]
    named += [do.by] if isinstance(do, TestDo) else []
    named += [item.by or "" for item in do.items] if isinstance(do, LearnDo) else []
    named += [*getattr(do, "at", ()), *seats(stage)]
    for step in stage.gate:
        named += [*getattr(step, "roles", ()), getattr(step, "role", "")]
    named += [party for give in stage.gives for party in (getattr(give, "party", ""), getattr(give, "at", ""))]
    at = {name: blueprint.roles[name].at if name in blueprint.roles else (name,) for name in named if name}
    return dict.fromkeys(party for parties in at.values() for party in parties)


# --- words -----------------------------------------------------------------------------------------------------

_OPS = {">=": "≥", "<=": "≤", "!=": "≠", "has": "∋", "in": "∈"}
_PLACES = Text(ko="정원 {take}", en="places: {take}")
_TAKE = Text(ko="{n} 중 {take}", en="{take} of {n}")
_PER = Text(ko="선택 항목별", en="each option")
_PANEL = Text(ko="심사위원 {each}명", en="{each} reviewers")
_PASS = Text(ko="{threshold}점 이상", en="{threshold} or more")
_DECIDES = Text(ko="{role} 결정", en="{role} decides")
_PROVES = Text(ko="{body} 확인", en="proof from {body}")
_EVERY = Text(ko="{length}마다", en="every {length}")
_UNITS = {
    "h": Text(ko="{n}시간", en="{n} h"), "d": Text(ko="{n}일", en="{n} d"), "w": Text(ko="{n}주", en="{n} wk"),
    "m": Text(ko="{n}개월", en="{n} mo"), "y": Text(ko="{n}년", en="{n} yr"),
}  # fmt: skip
_COUNTS = Text(ko="참여 {entered} · 통과 {passed} · 탈락 {out}", en="in {entered} · passed {passed} · out {out}")
_PICTURE = Text(ko="단계별 흐름 그림", en="Picture of the flow through the stages")


def _joined(texts: Sequence[Text]) -> Text:
    return Text(ko=" · ".join(t.ko for t in texts), en=" · ".join(t.en for t in texts))


def _window(stage: Stage) -> Iterator[Text]:
    window = stage.when
    if window is None:
        return
    if window.start or window.end:
        said = f"{_date(window.start)} – {_date(window.end)}".strip()
        yield Text(ko=said, en=said)
    if length := window.length or window.within or window.every:
        text = _UNITS[length.unit].format(n=length.number)
        yield _EVERY.format(length=text) if window.every else text


def _date(when: When | None) -> str:
    return when.text if isinstance(when, Moment) else "" if when is None else "…"


def _step(blueprint: Blueprint, step: Step, passing: Passing | None) -> Text:
    parts = _said(blueprint, step)
    if take := getattr(step, "take", None):
        entered = f"{passing.entered:,}" if passing else ""
        parts.insert(0, (_TAKE if passing else _PLACES).format(take=f"{take:,}", n=entered))
    if step.options:
        parts.append(_joined([blueprint.word(option) for option in step.options]))
    return _joined(parts)


def _said(blueprint: Blueprint, step: Step) -> list[Text]:
    match step:
        case RuleStep(rules=rules):
            return [_rule(blueprint, rule) for rule in rules]
        case RankStep(by=by, per_option=per_option):
            return [fact_text(blueprint, by), *([_PER] if per_option else [])]
        case PanelStep(each=each, threshold=threshold):
            return [_PANEL.format(each=each), *([_PASS.format(threshold=threshold)] if threshold else [])]
        case DecideStep(role=role):
            return [_DECIDES.format(role=blueprint.word(role))]
        case ExternalStep(body=body):
            return [_PROVES.format(body=blueprint.word(body))]


def _rule(blueprint: Blueprint, rule: Rule) -> Text:
    value = rule.value if isinstance(rule.value, str) else ", ".join(rule.value)
    shown = _OPS.get(rule.op, rule.op)
    return Text(ko="{fact} {op} {value}", en="{fact} {op} {value}").format(
        fact=fact_text(blueprint, rule.name), op=shown, value=value
    )


def _give(blueprint: Blueprint, give: Give) -> tuple[str, Text]:
    """Its kind and what it is, in a few words."""
    match give:
        case CredentialGive(name=name):
            return "credential", blueprint.word(name)
        case MoneyGive():
            amounts = give.ranks or tuple(a for a in (give.amount, give.pool) if isinstance(a, int))
            sums = [named(amount, give.currency) for amount in amounts[:1]]
            return "money", _joined([blueprint.word(give.type), *sums])
        case PrivilegeGive(type=name):
            return "privilege", blueprint.word(name)
        case PublishGive(type=name):
            return "publish", blueprint.word(name)
        case SpawnGive():
            return "spawn", blueprint.word(give.title or give.blueprint)
        case RoleGive(role=name):
            return "role", blueprint.word(name)


def _counts(passing: Passing) -> Text:
    return _COUNTS.format(**{name: f"{getattr(passing, name):,}" for name in ("entered", "passed", "out")})


# --- drawing ----------------------------------------------------------------------------------------------------


def as_svg(flow: Flow, languages: Languages = ("ko", "en"), link: Link | None = None) -> str:
    """The picture as one element; ``link`` makes every box one that can be followed."""
    drawn = [*_legend(flow, languages), *map(_arrow, flow.arrows), *(_drawn(b, languages, link) for b in flow.boxes)]
    titled = " / ".join(f"{flow.title[language]}: {_PICTURE[language]}" for language in languages)
    return (
        f'<svg class="flow" role="{"group" if link else "img"}" width="{flow.width}" height="{flow.height}" '
        f'viewBox="0 0 {flow.width} {flow.height}" aria-label="{escape(titled)}">{"".join(drawn)}</svg>'
    )


def _legend(flow: Flow, languages: Languages) -> Iterator[str]:
    for at, party in enumerate(flow.parties):
        x, y = MARGIN + at % 2 * (WIDE // 2), MARGIN + at // 2 * LEGEND
        yield f'<rect class="party p{at % COLOURS}" x="{x}" y="{y}" width="12" height="12" rx="3"/>'
        yield _label(party, (x + 18, y + 11), "count", languages, LETTERS // 2 - 3)


def _arrow(arrow: Arrow) -> str:
    """Down from box to box; past boxes in between, around them."""
    above, below = arrow.above, arrow.below
    left = 3 * WIDE // 4 if arrow.out else WIDE // 4
    x1, y1, x2, y2 = above.x + left, above.y + above.height, below.x + left, below.y
    bend = (y1 + y2) // 2
    if y2 - y1 > GAP_Y + HIGH and above.x == below.x:
        side = above.x + WIDE + GAP_X // 2
        way = f"M{x1} {y1}C{side + 30} {y1 + 30} {side + 30} {y2 - 30} {x2} {y2}"
    else:
        way = f"M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {y2}"
    thick = 2.0 if arrow.part is None else 1 + 9 * arrow.part
    kind = "out" if arrow.out else "passed"
    head = f'<path class="head {kind}" d="M{x2 - 6} {y2 - 9}L{x2} {y2}L{x2 + 6} {y2 - 9}"/>'
    return f'<path class="{kind}" d="{way}" stroke-width="{thick:.1f}"/>{head}'


def _drawn(box: Box, languages: Languages, link: Link | None) -> str:
    lines = [
        f'<rect class="box" width="{WIDE}" height="{box.top}" rx="8"/>',
        *(
            f'<rect class="party p{party % COLOURS}" x="{WIDE - 20 - 16 * at}" y="12" width="12" height="12" rx="3"/>'
            for at, party in enumerate(box.parties[:COLOURS])
        ),
        _label(box.title, (12, 25), "name", languages, LETTERS - 3 * min(len(box.parties), COLOURS)),
        _label(box.about, (12, 46), "count", languages),
        *_passing(box, languages),
        *(_diamond(text, box.top + ROW * at, languages) for at, text in enumerate(box.steps)),
    ]
    below = box.top + ROW * len(box.steps)
    lines += [_tag(kind, text, below + ROW * at, languages) for at, (kind, text) in enumerate(box.gives)]
    inner = f'<g transform="translate({box.x} {box.y})">{"".join(lines)}</g>'
    if link is None:
        return inner
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in link(box.stage).items())
    return f'<a{attributes} aria-label="{escape(box.told(languages[0]))}">{inner}</a>'


def _passing(box: Box, languages: Languages) -> Iterator[str]:
    if box.passing is None:
        return
    wide = round((WIDE - 24) * box.passing.passed / max(box.passing.entered, 1))
    yield _label(_counts(box.passing), (12, 64), "count", languages)
    yield f'<rect class="bar" x="12" y="71" width="{WIDE - 24}" height="5" rx="2"/>'
    yield f'<rect class="part" x="12" y="71" width="{wide}" height="5" rx="2"/>'


def _diamond(text: Text, y: int, languages: Languages) -> str:
    shape = f'<path class="gate" d="M20 {y + 4}l9 9l-9 9l-9 -9z"/>'
    return shape + _label(text, (36, y + 18), "step", languages)


def _tag(kind: str, text: Text, y: int, languages: Languages) -> str:
    wide = 20 + max(7 * min(width(text[language]), LETTERS) for language in languages)
    shape = f'<rect class="give {kind}" x="10" y="{y + 3}" width="{min(wide, WIDE - 10)}" height="21" rx="10"/>'
    return shape + _label(text, (20, y + 18), "give-name", languages)


def _label(text: Text, at: tuple[int, int], kind: str, languages: Languages, letters: int = LETTERS) -> str:
    x, y = at
    return "".join(
        f'<text lang="{language}" class="{kind}" x="{x}" y="{y}">{escape(_short(text[language], letters))}</text>'
        for language in languages
    )


def _short(text: str, letters: int) -> str:
    """What fits into a box; the whole of it is told beside the picture."""
    shortened = text
    while width(shortened) > letters:
        shortened = shortened[:-1]
    return text if shortened == text else f"{shortened}…"


def width(text: str) -> int:
    """Columns that the text takes in a terminal: Korean letters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
