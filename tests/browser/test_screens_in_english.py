"""Every page as people see it in English: a file of its own, so that both languages are looked at side by side."""

import pytest

from tests.browser.test_screens import faults_in

pytestmark = [pytest.mark.browser]


def test_every_page_in_english_is_within_everybodys_reach(world, visit) -> None:
    assert faults_in("en", world, visit) == {}
