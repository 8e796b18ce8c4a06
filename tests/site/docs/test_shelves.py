"""The documentation as it is served: every page, every link, both languages."""

import re

import pytest

from dure.site.docs import shelves
from dure.site.docs.shelves import SHELVES, address

LINK = re.compile(r'<a href="(/docs/[^"]*)"')
BOTH = [(shelf, language) for shelf in SHELVES for language in ("ko", "en")]


@pytest.mark.parametrize(("shelf", "language"), BOTH)
def test_every_link_between_pages_leads_to_a_page_and_a_heading(shelf, language) -> None:
    dead = {
        (page.name, link)
        for page in shelves.shelf_of(shelf, language)
        for link in LINK.findall(page.html)
        if not leads(link, language)
    }

    assert dead == set()


def leads(link: str, language: str) -> bool:
    path, _, mark = link.partition("#")
    _, where, *names, _ = [*path.strip("/").split("/"), ""]
    if not names:
        return where in SHELVES
    page = shelves.page_of(where, names[0], language)
    return page is not None and (not mark or f'id="{mark}"' in page.html)


def test_pages_stand_in_the_order_of_their_readme_and_none_is_left_out(library) -> None:
    files = {path.stem for path in (library / "docs" / "how-to").glob("*.md")} - {"README"}

    listed = [page.name for page in shelves.shelf_of("how-to", "en")]

    assert (set(listed), listed[0]) == (files, "run-a-programme")


@pytest.mark.parametrize(
    ("link", "shelf", "there"),
    [
        ("../reference/cli.md#dure-act-file", "how-to", "/docs/reference/cli/#dure-act-file"),
        ("run-a-programme.md", "how-to", "/docs/how-to/run-a-programme/"),
        ("../how-to/README.md", "tutorial", "/docs/how-to/"),
        ("../words.md", "how-to", "/docs/reference/words/"),
        ("../../blueprints/01-x.yaml", "reference", ""),
        ("#here", "how-to", "#here"),
        ("https://example.org/a.md", "how-to", "https://example.org/a.md"),
        ("/styleguide/", "how-to", "/styleguide/"),
    ],
)
def test_links_become_addresses(link, shelf, there) -> None:
    assert address(link, shelf) == there


@pytest.mark.parametrize("name", ["", "../settings", "no-such-page", "RUN", "README"])
def test_nothing_but_pages_is_served(name) -> None:
    assert shelves.page_of("how-to", name, "ko") is None


def test_html_of_a_page_is_shown_and_not_run() -> None:
    assert "<script" not in shelves._markdown().render("<script>1</script>", {})


def test_tables_are_named_after_their_headings() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"

    html = shelves._markdown().render(f"# Page\n\n## First\n\n{table}\ntext\n\n{table}\n## `Second`\n\n{table}", {})

    assert re.findall('role="region" aria-label="([^"]*)"', html) == ["First", "First 2", "Second"]


def test_code_can_be_scrolled_by_keyboard_however_it_is_written() -> None:
    html = shelves._markdown().render("```\na\n```\n\n    b <c>\n", {})

    assert html == '<pre tabindex="0"><code>a\n</code></pre>\n<pre tabindex="0"><code>b &lt;c&gt;\n</code></pre>\n'
