"""What is written in Markdown is read as meant: no sign of it is left in a page."""

import re

import pytest

from dure.site.docs import shelves

CODE = re.compile(r"<(pre|code).*?</\1>", re.DOTALL)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_asterisk_is_left_in_a_page(language) -> None:
    left = {
        (page.shelf, page.name, found)
        for page in shelves.pages(language)
        for found in re.findall(r".{0,20}\*\*.{0,20}", CODE.sub("", page.html))
    }

    assert left == set()


@pytest.mark.parametrize("shelf", shelves.SHELVES)
def test_every_page_is_there_in_korean(shelf) -> None:
    assert {page.name for page in shelves.shelf_of(shelf, "ko") if page.language != "ko"} == set()
