"""Who may do what with a fund and its payments."""

from dure.funding.models import Fund, Payment
from dure.people.models import Person
from dure.people.rules import administers, belongs_to, is_operator


def may_see_fund(actor: Person, fund: Fund) -> bool:
    """Everybody at the organisation whose money it is."""
    return is_operator(actor) or belongs_to(actor, fund.organisation)


def may_run_fund(actor: Person, fund: Fund) -> bool:
    """Commit, release, propose, cancel, record as paid, close."""
    return is_operator(actor) or administers(actor, fund.organisation)


def may_see_payment(actor: Person, payment: Payment) -> bool:
    """Whoever is paid, and whoever runs the fund."""
    if actor == payment.person:
        return actor.is_active
    return _is_at_payee(actor, payment) or may_run_fund(actor, payment.commitment.fund)


def is_second(actor: Person, payment: Payment) -> bool:
    return actor.pk not in {payment.proposed_by_id, payment.person_id}


def _is_at_payee(actor: Person, payment: Payment) -> bool:
    return payment.organisation is not None and administers(actor, payment.organisation)
