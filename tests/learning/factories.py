"""Providers, items and courses for tests, made by the room's own operations."""

from itertools import count

from dure.learning.models import Cohort, Course, Enrolment, Item, Lesson, Provider
from dure.learning.operations import courses
from dure.learning.operations.cohorts import plan_cohort
from dure.learning.operations.enrolling import enrol
from dure.learning.operations.items import write_item
from dure.learning.operations.providers import open_provider
from dure.learning.records import Record, Words
from dure.skills.models import Skill, Taxonomy
from tests.factories import make_organisation, make_person

_numbers = count(1)


def make_provider(key: str = "", **known) -> Provider:
    key = key or f"provider-{next(_numbers)}"
    return open_provider(known.pop("organisation", None) or make_organisation(), key=key,
                         **{"name_ko": f"{key} 제공", "name_en": key.title(), **known})  # fmt: skip


def a_record(key: str = "", *, title: str = "", kind: str = "module", **known) -> Record:
    """A record with a Korean title."""
    key = key or f"item-{next(_numbers)}"
    texts = known.pop("texts", None) or {"ko": Words(title or f"{key} 과정")}
    return Record(key=key, kind=kind, texts=texts, **known)


def make_item(provider: Provider | None = None, **known) -> Item:
    return write_item(provider or make_provider(), a_record(**known))


def make_skill(code: str, *, taxonomy: str = "starter", name_ko: str = "") -> Skill:
    words, _ = Taxonomy.objects.get_or_create(key=taxonomy, defaults={"title_ko": taxonomy, "title_en": taxonomy})
    return Skill.objects.create(taxonomy=words, code=code, name_ko=name_ko or code, name_en=code.title())


def make_course(provider: Provider | None = None, *, lessons: int = 2, opened: bool = True, **known) -> Course:
    """A course of pages, open; as many lessons as asked for."""
    key = known.pop("key", "") or f"course-{next(_numbers)}"
    told = {"title_ko": f"{key} 강좌", "title_en": key.title(), "credits": 3, "hours": 12, **known}
    course = courses.make_course(provider or make_provider(), key=key, by=make_person(), **told)
    for number in range(lessons):
        make_lesson(course, title_ko=f"{number + 1}차시", title_en=f"Lesson {number + 1}")
    return courses.open_course(course) if opened else course


def make_lesson(course: Course, *, kind: str = "page", **known) -> Lesson:
    return courses.write_lesson(course, kind=kind, **{"title_ko": "차시", "title_en": "Lesson", **known})


def make_cohort(course: Course | None = None, **known) -> Cohort:
    return plan_cohort(course or make_course(), **{"name": f"cohort {next(_numbers)}", **known})


def make_enrolment(cohort: Cohort | None = None, **known) -> Enrolment:
    return enrol(cohort or make_cohort(), person=known.pop("person", None) or make_person(), **known)
