"""An agreement: it covers what is there, its duties are owed by its parties and can be counted (BP9)."""

from dure.blueprint.binds import Thing
from dure.blueprint.lint.counting import Scope, check_expression
from dure.blueprint.lint.look import Findings
from dure.blueprint.lint.values import check_nothing_else, check_organisations, check_value
from dure.blueprint.model import BIND, Agreement, Blueprint
from dure.core.text import Text

COVERED = Text(ko="블루프린트나 프로그램이", en="blueprint or programme")
PARTY = Text(ko="협약의 참여 기관이", en="party of the agreement")


def check_agreement(findings: Findings, agreement: Agreement) -> None:
    scope = _covered(findings, agreement)
    for at, duty in enumerate(agreement.duties):
        path = ("duties", at)
        for k, name in enumerate(duty.by):
            if name not in agreement.parties:
                findings.unknown((*path, "by", k), "BP911", PARTY, name, tuple(agreement.parties))
        if duty.measure is not None:
            check_expression(findings, (*path, "measure"), duty.measure, scope, comparison=True)
        if duty.due is BIND and duty.id is None:
            ko = "due가 bind이면 이름이 있어야 합니다. id를 쓰세요."
            findings.flaw(path, "BP102", ko=ko, en="id is missing: a due date that is bound later needs it.")
    _check_bound(findings, agreement)


def _covered(findings: Findings, agreement: Agreement) -> Scope:
    """What the duties count over: a covered blueprint, or a covered programme's."""
    found: dict[str, Blueprint] = {}
    whole = True
    for at, name in enumerate(agreement.covers):
        programme = findings.library.programme(name)
        blueprint = findings.library.blueprint(programme.blueprint if programme else name)
        if blueprint:
            found[blueprint.name] = blueprint
            continue
        whole = False
        if not findings.library.has("blueprint", name) and not findings.library.has("programme", name):
            known = (*findings.library.names("blueprint"), *findings.library.names("programme"))
            findings.unknown(("covers", at), "BP912", COVERED, name, known)
    return Scope(tuple(found.values()), qualified=True, whole=whole)


def _check_bound(findings: Findings, agreement: Agreement) -> None:
    """What is not bound yet leaves the agreement a draft; what is bound must be there to be bound."""
    known: dict[str, Thing] = {name: "party" for name, party in agreement.parties.items() if party.bind}
    known |= {f"{duty.id}.due": "date" for duty in agreement.duties if duty.due is BIND}
    check_nothing_else(findings, ("bind",), agreement.bind, known, "BP902")
    for name, value in agreement.bind.items():
        thing = known.get(name)
        if thing and check_value(findings, ("bind", name), thing, value) and thing == "party":
            check_organisations(findings, ("bind", name), agreement.parties[name], value)
