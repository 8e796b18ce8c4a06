"""What operators do with accounts: each act once, told to the log, and always one operator left."""

from threading import Barrier, Thread

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from dure.audit.models import AuditRow
from dure.core.errors import Forbidden, Refused
from dure.people.models import Notice, Person
from dure.people.operations import (
    appoint_operator,
    deactivate,
    end_operator,
    forget,
    make_operator,
    reactivate,
    reset_second_factor,
)
from tests.factories import make_operator as new_operator
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def acts(person: Person) -> list[str]:
    rows = AuditRow.objects.filter(object_id=str(person.pk)).order_by("pk")
    return [action for action in rows.values_list("action", flat=True) if action != "person.registered"]


def test_an_account_is_closed_and_opened_again():
    operator, person = new_operator(), make_person()

    deactivate(person, by=operator)
    assert not Person.objects.get(pk=person.pk).is_active
    reactivate(person, by=operator)

    assert Person.objects.get(pk=person.pk).is_active
    assert acts(person) == ["person.signed-out", "person.deactivated", "person.reactivated"]


def test_the_office_is_shared_and_ended():
    operator, person = new_operator(), make_person()

    make_operator(person, by=operator)
    assert Person.objects.get(pk=person.pk).is_staff
    end_operator(person, by=operator)

    assert not Person.objects.get(pk=person.pk).is_staff
    assert acts(person) == ["person.made-operator", "person.operator-ended"]


def test_whoever_has_the_shell_appoints_the_first_operator_and_any_other():
    known = make_person("known@example.org")

    first, is_new = appoint_operator("First@Example.org", name="First", password="a password of the shell")
    again, was_new = appoint_operator("known@example.org", name="", password="not taken")

    assert (first.email, first.is_staff, is_new, first.check_password("a password of the shell")) == (
        "first@example.org", True, True, True,
    )  # fmt: skip
    assert (again, again.is_staff, was_new, again.check_password("not taken")) == (known, True, False, False)
    assert acts(known)[-1:] == ["person.made-operator"]


def test_nobody_is_appointed_whose_account_is_closed():
    closed = make_person("closed@example.org")
    Person.objects.filter(pk=closed.pk).update(is_active=False)

    with pytest.raises(Refused) as refused:
        appoint_operator("closed@example.org", name="", password="a password of the shell")

    assert refused.value.code == "person.closed"


def test_a_lost_second_factor_is_lifted_and_its_person_told():
    operator, person = new_operator(), make_person()
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=person, type=kind, data={})

    assert reset_second_factor(person, by=operator) == 2

    assert not Authenticator.objects.exists()
    assert Notice.objects.get().person == person
    with pytest.raises(Refused):
        reset_second_factor(person, by=operator)


@pytest.mark.parametrize("act", [deactivate, reactivate, make_operator, end_operator, reset_second_factor])
def test_nobody_but_an_operator_does_any_of_it_and_none_to_themselves(act):
    stranger, operator = make_person(), new_operator()

    with pytest.raises(Forbidden):
        act(make_person(), by=stranger)
    with pytest.raises(Refused, match="own account"):
        act(operator, by=operator)


def test_what_is_so_already_is_refused():
    operator, person = new_operator(), make_person()
    deactivate(person, by=operator)

    for act in (deactivate, make_operator, end_operator):
        with pytest.raises(Refused):
            act(person, by=operator)


def test_an_erased_account_has_nobody_to_be_opened_for():
    operator, person = new_operator(), forget(make_person())

    with pytest.raises(Refused) as refused:
        reactivate(person, by=operator)
    assert refused.value.code == "person.forgotten"


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_who_end_each_others_office_one_is_left():
    one, other = new_operator(), new_operator()
    start, refused = Barrier(2), []

    def end(person: Person, by: Person) -> None:
        start.wait()
        try:
            end_operator(person, by=by)
        except Refused as verdict:
            refused.append(verdict.code)
        finally:
            connection.close()

    threads = [Thread(target=end, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Person.objects.filter(is_staff=True).count() == 1
    assert refused == ["operator.not"]
