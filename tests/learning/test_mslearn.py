"""Catalogues of Microsoft Learn's shape, read and brought in: a real one where it lies here, small ones always."""

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.errors import Flawed
from dure.jobs.worker import drain
from dure.learning.models import Format, Import, Item, ItemPart, ItemText
from dure.learning.mslearn import listing_of, read_catalogue
from dure.learning.operations.imports import bring_in, carry_on
from dure.learning.queries.catalogue import Asked, facets, listed, shown
from tests.factories import make_person
from tests.learning.factories import make_item, make_provider, make_skill

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
real_catalogue = pytest.mark.skipif(not REAL.is_dir(), reason="the real Microsoft Learn catalogue is not here")


def module(uid: str, title: str = "", **known) -> dict[str, object]:
    return {"uid": uid, "title": title or uid, "type": "module", "locale": "ko-kr", "duration_in_minutes": 30, **known}


def catalogue(*modules, **lists) -> bytes:
    return json.dumps({"modules": modules, **lists}).encode()


@pytest.fixture
def provider(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_provider("learn", source="file")


def imported(provider, data: bytes, **known) -> Import:
    made = bring_in(provider, [data], by=make_person(), **known)
    drain()
    made.refresh_from_db()
    return made


def counts(made: Import) -> dict[str, int]:
    return {name: n for name, n in made.report["counts"].items() if n}


def test_second_import_changes_nothing(provider):
    data = catalogue(module("a", units=["a.1"]), module("b"), units=[{"uid": "a.1", "title": "소개"}])

    first, second = imported(provider, data), imported(provider, data)

    assert (counts(first), counts(second)) == ({"new": 2}, {"same": 2})
    assert Item.objects.get(key="a").texts.get().outline == [{"title": "소개", "minutes": 0}]


def test_dry_run_says_what_would_change_and_changes_nothing(provider):
    imported(provider, catalogue(module("a"), module("b")))

    checked = imported(provider, catalogue(module("a", "새 제목"), module("c")), checks_only=True)

    assert counts(checked) == {"new": 1, "changed": 1, "retired": 1}
    assert set(Item.objects.values_list("key", flat=True)) == {"a", "b"}
    assert ItemText.objects.get(item__key="a").title == "a"

    carry_on(checked, by=make_person())
    drain()
    assert ItemText.objects.get(item__key="a").title == "새 제목"
    assert set(listed(Asked()).values_list("key", flat=True)) == {"a", "c"}


def test_an_item_that_is_no_longer_listed_is_retired_and_one_that_comes_back_is_listed_again(provider):
    both, one = catalogue(module("a"), module("b")), catalogue(module("a"))

    seen = [counts(imported(provider, data)) for data in (both, one, one, both)]

    assert seen == [{"new": 2}, {"same": 1, "retired": 1}, {"same": 1}, {"changed": 1, "same": 1}]
    assert Item.objects.get(key="b").retired_at is None


def test_what_curators_wrote_is_never_retired_by_an_import(provider):
    make_item(provider, key="own")

    imported(provider, catalogue(module("a")))

    assert Item.objects.get(key="own").retired_at is None


def test_dangling_references_are_listed_by_name_and_taken_up_once_they_lead_somewhere(provider):
    path = {"uid": "p", "title": "P", "modules": ["a", "late"]}

    first = imported(provider, catalogue(module("a"), learningPaths=[path]))
    second = imported(provider, catalogue(module("a"), module("late"), learningPaths=[path]))

    assert first.report["dangling"] == [["p", "late"]]
    assert (counts(second), second.report["dangling"]) == ({"new": 1, "changed": 1, "same": 1}, [])
    parts = ItemPart.objects.filter(whole__key="p").order_by("place").values_list("part__key", flat=True)
    assert list(parts) == ["a", "late"]


def test_another_language_adds_words_and_changes_nothing_else(provider):
    korean = catalogue(module("a", "데이터"), module("b"))
    imported(provider, korean)

    english = imported(provider, catalogue(module("a", "Data", locale="en-us", duration_in_minutes=99)))

    assert counts(english) == {"changed": 1}
    assert Item.objects.get(key="a").minutes == 30
    assert counts(imported(provider, korean)) == {"same": 2}
    assert {text.locale for text in Item.objects.get(key="a").texts.all()} == {"ko", "en"}


def test_a_reader_falls_back_to_english_and_is_told(provider):
    imported(provider, catalogue(module("a", "データ", locale="ja-jp"), module("b", "Data", locale="en-us")))

    seen = {
        one.item.key: (one.text.title, one.fits) for one in shown((item.pk for item in listed(Asked())), language="ko")
    }

    assert seen == {"a": ("データ", False), "b": ("Data", False)}


def test_entries_without_uid_or_title_are_named_and_left_out(provider):
    made = imported(provider, catalogue(module("a"), {"title": "no uid"}, {"uid": "no-title"}, module("a")))

    assert counts(made) == {"new": 1, "flaws": 3}
    assert [flaw["place"] for flaw in made.report["flaws"]] == ["modules[1]", "modules[2] no-title", "modules[3]"]


def test_a_file_that_is_no_catalogue_is_refused_with_what_to_send(provider):
    made = imported(provider, b"key,title\n")

    assert (made.state, made.why.en[:21]) == ("refused", "This is no catalogue.")


def test_skills_that_a_curator_tied_to_an_item_survive_its_imports(provider):
    imported(provider, catalogue(module("a")))
    Item.objects.get(key="a").teaches.create(skill=make_skill("sql"), level=3)

    imported(provider, catalogue(module("a", "anew", duration_in_minutes=31)))

    assert list(Item.objects.get(key="a").teaches.values_list("skill__code", "level")) == [("sql", 3)]


def test_scripts_in_summaries_do_not_come_along(provider):
    imported(provider, catalogue(module("a", summary="<p onclick=x>safe<script>bad()</script></p>")))

    assert ItemText.objects.get(item__key="a").summary == "<p>safe</p>"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["uid", "title", "modules", "units", "study_guide", "roles", "locale", "duration_in_minutes"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["modules", "units", "learningPaths", "courses", "roles"]), json_values))
def test_any_json_is_read_or_refused_never_a_fault(told):
    listing_of(told)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(data):
    for sent in (data, b"\x1f\x8b" + data):
        with pytest.raises(Flawed):
            read_catalogue(sent)


# --- the real one


@real_catalogue
def test_the_real_catalogue_comes_in_within_seconds_and_only_once(provider):
    korean = (REAL / "mslearn-catalog.json.gz").read_bytes()
    began = time.monotonic()

    first = imported(provider, korean)
    took = time.monotonic() - began
    japanese = imported(provider, (REAL / "mslearn-catalog.ja-jp.json.gz").read_bytes())
    again = imported(provider, korean)

    assert counts(first) == {"new": 194, "dangling": 1406}
    assert counts(again) == {"same": 194, "dangling": 1406}
    assert japanese.report["counts"]["retired"] == 0
    assert took < 10
    assert gzip.decompress(korean)[:1] == b"{"


@real_catalogue
def test_the_real_catalogue_is_searched_and_sorted_in_korean_and_english(provider):
    imported(provider, (REAL / "mslearn-catalog.json.gz").read_bytes())

    korean, english = listed(Asked(typed="컨테이너")), listed(Asked(typed="dynamics finance"))
    found = facets(Asked(levels=("beginner",), typed="컨테이너"))

    assert korean.count() > 3
    assert all("컨테이너" in one.text.title for one in shown((item.pk for item in korean[:3]), language="ko"))
    assert english.filter(kind="course").count() > 0
    assert {value.key: value.chosen for value in found["levels"]}["beginner"]
    assert sum(value.count for value in found["kinds"]) == listed(Asked(levels=("beginner",), typed="컨테이너")).count()


def test_format_is_a_catalogue_unless_said_otherwise(provider):
    assert bring_in(provider, [catalogue(module("a"))], by=make_person()).format == Format.CATALOGUE
