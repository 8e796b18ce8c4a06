"""Degrees for tests, made by the room's own operations."""

from datetime import date
from decimal import Decimal
from itertools import count

from dure.core.text import Text
from dure.learning.models import Candidacy, CreditRecord, Degree, DegreeDuty
from dure.learning.operations.degrees import Credit, admit, enter_credit, found_degree, seat_for_degree
from dure.people.models import Person
from tests.factories import make_admin, make_organisation, make_person

_numbers = count(1)
REQUIREMENT = """degree: {ko: 공동 석사, en: Joint master}
credits: 24
areas:
  - {id: core, title: {ko: 기초, en: Foundations}, credits: 6}
  - {id: majors, title: {ko: 전공, en: Majors}, credits: 12, courses: [ml, vision]}
core:
  - {title: {ko: 필수, en: Required}, courses: [ml, ethics], take: 1}
grade: 3.0
"""


def make_degree(source: str = REQUIREMENT, **known) -> Degree:
    organisation = known.pop("organisation", None) or make_organisation()
    key = known.pop("key", "") or f"degree-{next(_numbers)}"
    return found_degree(organisation, key=key, source=source, by=known.pop("by", None) or make_admin(organisation))


def make_candidacy(degree: Degree | None = None, **known) -> Candidacy:
    degree = degree or make_degree()
    return admit(degree, person=known.pop("person", None) or make_person(), by=make_person(), **known)


def a_credit(degree: Degree, course: str = "ml", amount: float | str = 3, **known) -> Credit:
    told = {"issuer": degree.organisation, "title": Text(ko=f"{course} 과목", en=course.title()),
            "earned_on": date(2026, 6, 30), "grade": Decimal(4), **known}  # fmt: skip
    return Credit(course=course, credits=Decimal(str(amount)), **told)


def earn(candidacy: Candidacy, course: str = "ml", amount: float | str = 3, **known) -> CreditRecord:
    return enter_credit(candidacy, a_credit(candidacy.degree, course, amount, **known), by=make_person())


def make_ready(degree: Degree | None = None, **known) -> Candidacy:
    """Somebody who has everything that REQUIREMENT asks for."""
    candidacy = make_candidacy(degree, **known)
    for course, area, amount in (("ml", "majors", 12), ("basics", "core", 6), ("more", "", 6)):
        earn(candidacy, course, amount, area=area)
    return candidacy


def make_registrar(degree: Degree) -> Person:
    return _seated(degree, DegreeDuty.REGISTRAR)


def make_member(degree: Degree) -> Person:
    """Somebody of the awarding committee."""
    return _seated(degree, DegreeDuty.COMMITTEE)


def _seated(degree: Degree, duty: DegreeDuty) -> Person:
    person = make_person()
    seat_for_degree(degree, person=person, duty=duty, by=person)
    return person
