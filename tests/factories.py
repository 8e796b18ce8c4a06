"""Real rows for tests, made by the rooms' own operations; everything left out gets a value of its own."""

from itertools import count

from dure.people.models import Membership, Organisation, Person, Role
from dure.people.operations import found_organisation, join_organisation, register

_numbers = count(1)


def make_person(email: str = "", **known) -> Person:
    """Somebody with a verified address, so that they can sign in (if given a password) and answer invitations."""
    number = next(_numbers)
    return register(email or f"person{number}@example.org", **{"name": f"Person {number}", "verified": True, **known})


def make_operator(**known) -> Person:
    return make_person(operator=True, **known)


def make_organisation(short: str = "", **known) -> Organisation:
    short = short or f"org-{next(_numbers)}"
    return found_organisation(short, **{"name_ko": short, "name_en": short, "kind": "company", **known})


def make_member(organisation: Organisation, person: Person | None = None, **known) -> Membership:
    """Somebody who belongs to an organisation."""
    return join_organisation(organisation, person=person or make_person(), **known)


def make_admin(organisation: Organisation) -> Person:
    """Somebody who looks after an organisation."""
    return make_member(organisation, role=Role.ADMIN).person
