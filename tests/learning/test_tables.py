"""Tables of items: every flaw with its row, all rows or none, twice the same."""

import pytest

from dure.jobs.worker import drain
from dure.learning.models import Format, Import, Item
from dure.learning.operations.imports import bring_in
from dure.learning.tables import COLUMNS, packed
from tests.factories import make_person
from tests.learning.factories import make_provider, make_skill

pytestmark = pytest.mark.django_db
GOOD = ["intro", "module", "입문", "Introduction", "<p>처음</p>", "", "https://learn.example/1", "30", "2", "beginner",
        "developer", "", "", "sql=2", "", ""]  # fmt: skip


@pytest.fixture
def provider(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_skill("sql")
    return make_provider()


def sent(provider, *rows, header=COLUMNS) -> Import:
    table = packed(header, list(enumerate(rows, start=2)))
    made = bring_in(provider, [table], by=make_person(), format=Format.TABLE)
    drain()
    made.refresh_from_db()
    return made


def test_a_row_becomes_an_item_with_its_words_tags_and_skills(provider):
    made = sent(provider, GOOD, ["all", "path", "전체", *[""] * 11, "intro", ""])

    item = Item.objects.get(key="intro")
    assert made.report["counts"]["new"] == 2
    assert {text.locale: text.title for text in item.texts.all()} == {"ko": "입문", "en": "Introduction"}
    assert list(item.teaches.values_list("skill__code", "level")) == [("sql", 2)]
    assert (item.version, item.minutes) == ("2", 30)
    assert list(Item.objects.get(key="all").parts.values_list("part__key", flat=True)) == ["intro"]


def test_the_same_table_again_changes_nothing_and_retires_nothing(provider):
    sent(provider, GOOD, ["other", "lab", "", "Other", *[""] * 12])

    again = sent(provider, GOOD)

    assert {name: n for name, n in again.report["counts"].items() if n} == {"same": 1}
    assert Item.objects.filter(retired_at=None).count() == 2


def test_every_flaw_is_told_with_its_row_and_column_and_nothing_is_taken_in(provider):
    made = sent(
        provider, GOOD,
        ["", "book", "", "", "", "", "ftp://x", "half", "", "", "", "", "", "sql", "", ""], ["intro", *GOOD[1:]],
    )  # fmt: skip

    assert made.state == "refused"
    assert [(flaw["row"], flaw["column"]) for flaw in made.report["flaws"]] == [
        (3, "key"), (3, "type"), (3, "title_ko"), (3, "minutes"), (3, "address"), (3, "skills"), (4, "key"),
    ]  # fmt: skip
    assert not Item.objects.exists()


def test_a_column_that_is_not_known_is_refused(provider):
    made = sent(provider, ["a"], header=["key", "colour"])
    assert [flaw["text"]["en"] for flaw in made.report["flaws"]] == [
        "No such column: colour", "The column is missing: type",
    ]  # fmt: skip


def test_a_skill_that_nobody_knows_is_named(provider):
    made = sent(provider, [*GOOD[:13], "weaving=2", "", ""])
    assert [(flaw["place"], flaw["column"]) for flaw in made.report["flaws"]] == [("2", "skills")]
