"""The rehearsal's report as one page: self-contained, light and dark, Korean and English, its flow as inline SVG."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from dure.blueprint.model import Blueprint
from dure.blueprint.rehearsal import Outcome, StageCount
from dure.blueprint.report import Cell, Table, headline, tables, width
from dure.core.text import Text

LETTERS = 34  # terminal columns that fit into a box
WIDE, HIGH, GAP_X, GAP_Y = 240, 74, 40, 52  # a stage's box and what lies between two, in pixels


def as_page(outcome: Outcome) -> str:
    """The whole page; it asks nothing of the network."""
    title = outcome.blueprint.title
    body = "".join(_table(table) for table in tables(outcome))
    return _PAGE.format(
        title=escape(f"{title.ko} · {title.en}"),
        style=_STYLE,
        heading=_both(title),
        headline=_both(headline(outcome)),
        flow=_flow(outcome),
        tables=body,
    )


def _both(text: Text) -> str:
    return f'<span lang="ko">{escape(text.ko)}</span><span lang="en">{escape(text.en)}</span>'


def _cell(cell: Cell) -> str:
    return _both(cell) if isinstance(cell, Text) else escape(cell)


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{_both(head)}</th>' for head in table.heads)
    rows = "".join(
        f'<tr><th scope="row">{_cell(row[0])}</th>{"".join(f"<td>{_cell(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    whole = f"<table>{head}<tbody>{rows}</tbody></table>"
    return f'<section><h2>{_both(table.title)}</h2><div class="wide">{whole}</div></section>'


# --- the flow: stages in layers, each below those it comes after -----------------------------------------------


@dataclass(frozen=True, slots=True)
class _Box:
    stage: StageCount
    x: int
    y: int


def _flow(outcome: Outcome) -> str:
    boxes = _placed(outcome)
    across = max(box.x for box in boxes.values()) + WIDE + 1
    down = max(box.y for box in boxes.values()) + HIGH + 1
    drawn = [*_arrows(outcome.blueprint, boxes), *(_box(outcome.blueprint, box) for box in boxes.values())]
    return (
        f'<div class="wide"><svg role="img" width="{across}" height="{down}" viewBox="0 0 {across} {down}">'
        f"<title>{escape(_FLOW.ko)} / {escape(_FLOW.en)}</title>{''.join(drawn)}</svg></div>"
    )


_FLOW = Text(ko="단계별 참여와 통과 인원의 흐름", en="How many come to each stage and pass it")


def _placed(outcome: Outcome) -> dict[str, _Box]:
    depth: dict[str, int] = {}
    for stage in outcome.blueprint.stages:
        depth[stage.id] = 1 + max((depth[after.stage] for after in stage.after), default=-1)
    across = dict.fromkeys(depth.values(), 0)
    boxes: dict[str, _Box] = {}
    for stage_count in outcome.stages:
        layer = depth[stage_count.id]
        boxes[stage_count.id] = _Box(stage_count, across[layer] * (WIDE + GAP_X), layer * (HIGH + GAP_Y))
        across[layer] += 1
    return boxes


def _arrows(blueprint: Blueprint, boxes: Mapping[str, _Box]) -> Iterator[str]:
    """From each stage to those after it, as thick as the part of its turns that goes that way."""
    for stage in blueprint.stages:
        for after in stage.after:
            above, below = boxes[after.stage], boxes[stage.id]
            going = above.stage.out if after.out else above.stage.passed
            yield _arrow(above, below, going / max(above.stage.entered, 1), out=after.out)


def _arrow(above: _Box, below: _Box, part: float, *, out: bool) -> str:
    left = 3 * WIDE // 4 if out else WIDE // 4
    x1, y1, x2, y2 = above.x + left, above.y + HIGH, below.x + left, below.y
    bend = (y1 + y2) // 2
    kind = "out" if out else "passed"
    return f'<path class="{kind}" d="M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {y2}" stroke-width="{1 + 9 * part:.1f}"/>'


def _box(blueprint: Blueprint, box: _Box) -> str:
    stage = box.stage
    passed = round((WIDE - 24) * stage.passed / max(stage.entered, 1))
    word = blueprint.word(stage.id)
    counts = Text(ko="참여 {entered} · 통과 {passed} · 탈락 {out}", en="in {entered} · passed {passed} · out {out}")
    told = counts.format(entered=f"{stage.entered:,}", passed=f"{stage.passed:,}", out=f"{stage.out:,}")
    return (
        f'<g transform="translate({box.x} {box.y})"><rect class="box" width="{WIDE}" height="{HIGH}" rx="8"/>'
        f"{_label(word, 24, 'name')}{_label(told, 45, 'count')}"
        f'<rect class="bar" x="12" y="57" width="{WIDE - 24}" height="6" rx="3"/>'
        f'<rect class="part" x="12" y="57" width="{passed}" height="6" rx="3"/></g>'
    )


def _label(text: Text, y: int, kind: str) -> str:
    return "".join(
        f'<text lang="{language}" class="{kind}" x="12" y="{y}">{escape(_short(text[language]))}</text>'
        for language in ("ko", "en")
    )


def _short(text: str) -> str:
    """What fits into a box; the tables below have the whole of it."""
    shortened = text
    while width(shortened) > LETTERS:
        shortened = shortened[:-1]
    return text if shortened == text else f"{shortened}…"


_STYLE = """
:root{color-scheme:light dark;--ink:light-dark(#1c2430,#e8ecf2);--soft:light-dark(#5b6675,#a3adba);
--line:light-dark(#d8dee6,#39424e);--paper:light-dark(#fff,#14181d);--card:light-dark(#f6f8fa,#1c2229);
--yes:light-dark(#1f7a4d,#58c48d);--no:light-dark(#b4552d,#e39a72)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1rem 4rem;background:var(--paper);color:var(--ink);word-break:keep-all;
font:16px/1.6 Pretendard,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.3;margin:.5rem 0}h2{font-size:1.1rem;margin:2.2rem 0 .5rem}
.lead{color:var(--soft);margin:0 0 1.5rem}.wide{overflow-x:auto}
fieldset{border:0;padding:0;margin:0;display:flex;gap:1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.45rem .6rem;border-bottom:1px solid var(--line);text-align:right}
th[scope=row],thead th:first-child{text-align:left;font-weight:400}
thead th{color:var(--soft);font-size:.875rem;font-weight:600}
svg text{fill:var(--ink)}svg .name{font-size:15px;font-weight:600}svg .count{font-size:13px;fill:var(--soft)}
svg .box{fill:var(--card);stroke:var(--line)}svg .bar{fill:var(--line)}svg .part{fill:var(--yes)}
svg path{fill:none;opacity:.55}svg path.passed{stroke:var(--yes)}svg path.out{stroke:var(--no)}
body:has(#ko:checked) [lang=en],body:has(#en:checked) [lang=ko]{display:none}
"""
_PAGE = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body><fieldset><legend hidden>언어 / Language</legend>
<label><input type="radio" name="language" id="ko" checked> 한국어</label>
<label><input type="radio" name="language" id="en"> English</label></fieldset>
<main><h1>{heading}</h1><p class="lead">{headline}</p>{flow}{tables}</main></body></html>
"""
