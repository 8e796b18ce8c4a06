"""The reference of refusals names every code that is told, and no other."""

import re

from tests.conftest import ROOT

CODE = re.compile(r"\bBP\d{3}\b")
TELLING = ("src/dure/blueprint", "src/dure/cli")


def test_every_code_is_documented_and_every_documented_code_is_told():
    told = {
        code
        for folder in TELLING
        for path in (ROOT / folder).rglob("*.py")
        for code in re.findall(r'"(BP\d{3})"', path.read_text())
    }
    rows = re.findall(r"^\| (BP\d{3}) \|", (ROOT / "docs/reference/refusals.md").read_text(), re.MULTILINE)
    assert sorted(told) == rows


def test_every_code_has_a_faulty_file():
    tested = {code for path in (ROOT / "tests/blueprint/lint").glob("*.py") for code in CODE.findall(path.read_text())}
    rows = set(re.findall(r"^\| (BP\d{3}) \|", (ROOT / "docs/reference/refusals.md").read_text(), re.MULTILINE))
    assert rows - tested == set()
