"""Who may do what with skills, levels and plans."""

from dure.people.models import Organisation, Person
from dure.people.rules import administers, belongs_to, is_operator


def may_plan(actor: Person, organisation: Organisation) -> bool:
    """Make and change a company's plans, and see who is behind its figures (of those who share their levels)."""
    return administers(actor, organisation)


def may_see_plans(actor: Person, organisation: Organisation) -> bool:
    """See a company's plans with figures of enough people."""
    return belongs_to(actor, organisation) or is_operator(actor)
