"""What somebody wrote is drawn without anything that runs, and nothing is loaded from elsewhere."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.site.markdown import as_html, page_html

HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "<svg onload=alert(1)>",
    "<iframe src='https://a.example'></iframe>", "<form action=/x><input name=q></form>", "<style>*{}</style>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>a</a>", "<b style='position:fixed' class=unseen id=main>b</b>",
    "<img src='data:image/svg+xml;base64,AAAA'>", "<object data=x></object>", "<base href=//a.example>",
    "<meta http-equiv=refresh content=0>", "![a](https://a.example/x.png)", "<img src=//a.example/x.png>",
)  # fmt: skip
HARMLESS = {"href", "src", "alt", "title", "rel", "tabindex", "align", "colspan", "rowspan", "start", "type", "open"}


class Seen(HTMLParser):
    """Tags and attributes as a browser finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("sort", ["markdown", "html"])
@given(parts=st.lists(st.sampled_from([*HOSTILE, "text", "# Head", "\n\n", "| a | b |\n|---|---|\n| 1 | 2 |"])))
def test_whatever_is_written_nothing_of_it_runs(sort, parts):
    seen = Seen(page_html("\n".join(parts), sort, files="/programmes/x/files/"))

    assert not seen.tags & {"script", "style", "svg", "iframe", "form", "input", "object", "base", "meta", "link"}
    assert {name for name, _ in seen.attributes} <= HARMLESS
    assert all(value.startswith(("data:image/png", "/programmes/")) for name, value in seen.attributes if name == "src")
    assert not [value for name, value in seen.attributes if name == "href" and not value.startswith(("https:", "/"))]


def test_pages_have_more_of_html_than_lessons():
    table = "<table><tr><td colspan=2>1</td></tr></table>"

    assert 'colspan="2"' in page_html(table, "html", files="/f/")
    assert "<td" not in as_html(table, files="/f/")


def test_headings_begin_below_the_pages_own():
    assert page_html("# A", "markdown", files="/f/") == "<h2>A</h2>\n"
    assert page_html("<H1 class=x>A</H1>", "html", files="/f/") == "<h2>A</h2>"


def test_files_are_those_of_the_programme():
    drawn = page_html("![a](files/b.png) [c](files/d.csv) ![e](files/../f.png)", "markdown", files="/p/files/")

    picture, link = '<img src="/p/files/b.png" alt="a">', '<a href="/p/files/d.csv" rel="noopener noreferrer">c</a>'
    assert drawn == f'<p>{picture} {link} <img alt="e"></p>\n'


def test_numbers_of_a_table_stand_where_its_writer_put_them():
    assert '<td align="right">1</td>' in page_html("| a |\n|--:|\n| 1 |", "markdown", files="/f/")
