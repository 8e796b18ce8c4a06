"""Pages of text: read out of bundles in the language they have, and written so that they read back equal."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.bundles import read
from dure.bundles.model import Competition, Page, Phase
from dure.bundles.pages import PageText, pages_of, pictures, with_pages
from dure.bundles.writing import write_codabench
from tests.bundles.samples import challenge, flowers, numbers

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn", "Co", "Cf", "Zs"])
WRITTEN = st.text(LETTERS, min_size=1, max_size=40)


def _read(path, into) -> Competition:
    told = read(path, into)
    assert told.competition is not None
    return told.competition


def test_pages_of_a_codabench_bundle(tmp_path):
    found = pages_of(_read(flowers(tmp_path / "in"), tmp_path / "into"))

    by_name = {page.name: page for page in found}
    assert [page.name for page in found][-1] == "terms"
    assert by_name["overview"] == PageText("overview", "개요", "Overview", text_en="# Welcome")
    assert by_name["terms"] == PageText("terms", "약관", "Terms", text_en="Play fair.")
    assert by_name["data"].text_en == "Petals."


@pytest.mark.parametrize("make", [numbers, challenge])
def test_pages_of_other_formats_are_html_where_their_files_are(tmp_path, make):
    found = {page.name: page for page in pages_of(_read(make(tmp_path / "in"), tmp_path / "into"))}

    assert (found["terms"].format, found["terms"].title_ko) == ("html", "약관")
    assert found["overview"].text_en


def test_what_is_written_in_korean_is_korean():
    page = Page(title="데이터", file="data.md", text="영화 댓글 10,000건입니다. CSV 파일입니다.")

    assert pages_of(Competition(title="x", pages=(page,))) == (
        PageText("data", "데이터", "Data", text_ko="영화 댓글 10,000건입니다. CSV 파일입니다."),
    )


def test_no_two_pages_have_one_name_and_nothing_empty_is_one():
    pages = tuple(Page(title=title, file=f"{at}.md", text=text) for at, (title, text) in enumerate(
        [("Data", "one"), ("data", "two"), ("!!", "three"), ("Empty", "  \n"), ("Nothing", "\0")]
    ))  # fmt: skip

    found = pages_of(Competition(title="x", description="What it is.", pages=pages))

    assert [(page.name, page.text_en) for page in found] == [
        ("description", "What it is."), ("data", "one"), ("data-2", "two"), ("page", "three"),
    ]  # fmt: skip


def test_phases_tell_of_themselves_but_not_those_that_nobody_may_know_of():
    phases = (
        Phase(index=1, name="Open", start=None, description="First."),
        Phase(index=2, name="Secret", start=None, description="Nobody knows.", is_public=False),
        Phase(index=3, name="A & B", start=None, description="<p>Last</p>"),
    )

    (page,) = pages_of(Competition(title="x", phases=phases))
    (plain,) = pages_of(Competition(title="x", phases=phases[:2]))

    assert (page.format, page.text_en) == ("html", "<h2>Open</h2>\n<p>First.</p>\n\n<h2>A &amp; B</h2>\n<p>Last</p>")
    assert (plain.format, plain.text_en) == ("markdown", "## Open\n\nFirst.")


def test_a_competition_that_says_the_same_keeps_its_own_files(tmp_path):
    told = _read(flowers(tmp_path / "in"), tmp_path / "into")

    assert with_pages(told, pages_of(told), tmp_path) is told


def test_a_page_that_changed_takes_the_place_of_all(tmp_path):
    told = _read(flowers(tmp_path / "in"), tmp_path / "into")
    first, *rest = pages_of(told)

    changed = with_pages(told, [first, *(replace(page, text_ko="새 글") for page in rest)], tmp_path)

    assert pages_of(changed) == (first, *(replace(page, text_ko="새 글") for page in rest))
    assert (tmp_path / changed.terms.file).read_text(encoding="utf-8").strip()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(
            PageText,
            name=st.from_regex(r"[a-z]([a-z0-9]|-[a-z0-9]){0,8}", fullmatch=True).filter(lambda name: name != "terms"),
            title_ko=WRITTEN, title_en=WRITTEN, text_ko=WRITTEN, text_en=WRITTEN,
            format=st.sampled_from(["markdown", "html"]),
        ),
        max_size=4, unique_by=lambda page: page.name,
    )
)  # fmt: skip
def test_pages_in_two_languages_read_back_equal(pages):
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        whole = _read(flowers(home / "in"), home / "into")
        terms = PageText("terms", "약관", "Terms", "약관입니다.", "The terms.")

        write_codabench(with_pages(whole, [*pages, terms], home / "in"), home / "in", home / "out.zip")

        assert list(pages_of(_read(home / "out.zip", home / "back"))) == [*pages, terms]


def test_pictures_elsewhere_and_endless_pages_are_told(tmp_path):
    bundle = flowers(tmp_path / "in")
    (bundle / "pages/data.md").write_text('![](https://a.example/1.png)\n<img alt="x" src="2.png"> ![](files/3.png)')
    (bundle / "pages/overview.md").write_text("x" * 1_000_001)

    found = [one for one in read(bundle, tmp_path / "into").findings if one.code.startswith("page.")]

    assert [(one.place.file, one.code, one.stops) for one in found] == [
        ("pages/data.md", "page.pictures", False), ("pages/overview.md", "page.long", True),
    ]  # fmt: skip
    assert "https://a.example/1.png" in found[0].text.en


def test_pictures_are_found_in_markdown_and_html():
    text = "![a](<b.png>) ![c](d.png \"t\") <IMG width=3 src='e.png'> <img src=f.png> ![a](b.png)"
    assert pictures(text) == ["b.png", "d.png", "e.png", "f.png"]
