"""The written reference has every variable that the source reads, and no other."""

import re

VARIABLE = re.compile(r"\b(?:DURE_[A-Z_]+|DATABASE_URL|DJANGO_SETTINGS_MODULE)\b")


def test_reference_and_source_name_the_same_variables(library):
    page = (library / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    sources = [path.read_text(encoding="utf-8") for path in (library / "src" / "dure").rglob("*.py")]

    written = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))

    assert written == {name for source in sources for name in VARIABLE.findall(source)}
