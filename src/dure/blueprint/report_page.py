"""The rehearsal's report as one page: self-contained, light and dark, Korean and English, its flow as inline SVG."""

from html import escape

from dure.blueprint.flow import as_svg, flow_of
from dure.blueprint.rehearsal import Outcome
from dure.blueprint.report import Cell, Table, headline, passing, tables
from dure.core.text import Text


def as_page(outcome: Outcome) -> str:
    """The whole page; it asks nothing of the network."""
    title = outcome.blueprint.title
    body = "".join(_table(table) for table in tables(outcome))
    return _PAGE.format(
        title=escape(f"{title.ko} · {title.en}"),
        style=_STYLE,
        heading=_both(title),
        headline=_both(headline(outcome)),
        flow=f'<div class="wide">{as_svg(flow_of(outcome.blueprint, passing(outcome)))}</div>',
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
svg path.head{stroke-width:2;opacity:1}svg path.gate{fill:var(--card);stroke:var(--ink);opacity:1}
svg .step,svg .give-name{font-size:13px}svg .give{fill:var(--card);stroke:var(--yes)}svg .party{fill:var(--soft)}
svg .p0{fill:#2f7d6b}svg .p1{fill:#4a6bb5}svg .p2{fill:#b0702a}svg .p3{fill:#8a4fa3}svg .p4{fill:#b0483f}
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
