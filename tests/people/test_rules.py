"""Who may: each rule asked for everybody, the whole set compared."""

from datetime import timedelta

import pytest

from dure.core.text import Text
from dure.people import rules
from dure.people.days import today
from dure.people.models import Role
from dure.people.operations import form_team, invite, join_team, leave, leave_team, state_relation
from tests.factories import make_admin, make_member, make_operator, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    """Everybody who could be asked about ``ann``, a member of ``lge``."""
    lge, sk = make_organisation("lge"), make_organisation("sk")
    membership = make_member(lge)
    was_admin, admin = make_member(lge, role=Role.ADMIN), make_admin(lge)
    leave(was_admin)
    gone_operator = make_operator()
    gone_operator.is_active = False
    return {
        "ann": membership.person,
        "colleague": make_member(lge).person,
        "admin": admin,
        "was-admin": was_admin.person,
        "other-admin": make_admin(sk),
        "operator": make_operator(),
        "gone-operator": gone_operator,
        "stranger": make_person(),
    }


def allowed(cast, rule, *about) -> set[str]:
    return {name for name, actor in cast.items() if rule(actor, *about)}


def test_operators_run_the_platform(cast):
    assert allowed(cast, rules.is_operator) == {"operator"}


def test_one_acts_for_the_organisations_that_one_looks_after_today_and_operators_for_all(cast):
    after, past, ahead = make_organisation("after"), make_organisation("past"), make_organisation("ahead")
    day = timedelta(days=1)
    actor = make_member(after, role=Role.ADMIN, until=today() + day).person
    make_member(past, actor, role=Role.ADMIN, since=today() - day, until=today())
    make_member(ahead, actor, role=Role.ADMIN, since=today() + day)
    make_member(cast["ann"].memberships.get().organisation, actor)

    assert set(rules.administered_by(actor)) == {after.pk}
    assert set(rules.looked_after_by(actor)) == {after}
    assert {one.short for one in rules.looked_after_by(cast["operator"])} == {"after", "ahead", "lge", "past", "sk"}
    assert set(rules.looked_after_by(cast["stranger"])) == set()


def test_organisations(cast):
    lge = cast["ann"].memberships.get().organisation

    assert allowed(cast, rules.administers, lge) == {"admin"}
    assert allowed(cast, rules.belongs_to, lge) == {"ann", "colleague", "admin"}
    assert allowed(cast, rules.may_change_organisation, lge) == {"admin", "operator"}
    assert allowed(cast, rules.may_end_membership, cast["ann"].memberships.get()) == {"ann", "admin", "operator"}


def test_persons(cast):
    ann = cast["ann"]

    assert allowed(cast, rules.may_see_person, ann) == {"ann", "admin", "operator"}
    assert allowed(cast, rules.may_change_person, ann) == {"ann", "operator"}


def test_an_admin_no_longer_sees_who_has_left(cast):
    leave(cast["ann"].memberships.get())

    assert allowed(cast, rules.may_see_person, cast["ann"]) == {"ann", "operator"}


def test_facts(cast):
    ann, lge = cast["ann"], cast["ann"].memberships.get().organisation

    assert allowed(cast, rules.may_state_fact, ann, "asked") == {"ann"}
    assert allowed(cast, rules.may_state_fact, ann, "operator") == {"operator"}
    assert allowed(cast, rules.may_state_fact, ann, "credential") == set()
    assert allowed(cast, rules.may_state_fact, lge, "asked") == {"admin"}


def test_relations(cast):
    ann, colleague = cast["ann"], cast["colleague"]
    relation = state_relation(colleague, to=ann, bond="line-manager", by=colleague)

    assert allowed(cast, rules.may_state_relation, ann, colleague) == {"ann", "colleague", "operator"}
    assert allowed(cast, rules.may_end_relation, relation) == {"colleague", "operator"}


def test_teams(cast):
    team = form_team("Alpha", captain=cast["ann"])
    for name in ("colleague", "stranger"):
        join_team(team, person=cast[name])
    leave_team(team, person=cast["stranger"])

    assert allowed(cast, rules.may_lead, team) == {"ann", "operator"}
    assert allowed(cast, rules.may_see_team, team) == {"ann", "colleague", "operator"}


def test_invitations(cast):
    letter = invite("x@example.org", purpose="seat", subject=1, what=Text(ko="심사", en="to judge"), by=cast["ann"])

    assert allowed(cast, rules.may_withdraw, letter.row) == {"ann", "operator"}
