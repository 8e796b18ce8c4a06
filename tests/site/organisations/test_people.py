"""An organisation's people: added by address, made something else, ended; by its administrators alone."""

import pytest

from dure.people.days import today
from dure.people.models import Invitation, Membership
from dure.people.queries import colleagues_of
from tests.factories import make_admin, make_member, make_person
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
PAGE = "/organisations/hanbit/people/"


@pytest.fixture
def admin(world):
    return make_admin(world.host)


def _here(world) -> set[tuple[str, str]]:
    return {(m.person.email, m.role) for m in colleagues_of(world.host, on=today())}


def test_who_has_an_account_belongs_at_once_and_others_get_a_letter(world, admin) -> None:
    client = client_of(admin)

    client.post(PAGE, {"email": "Ada@example.org", "role": "student", "department": "AI"})
    client.post(PAGE, {"email": "new@example.org", "role": "admin"})

    assert _here(world) == {(admin.email, "admin"), ("ada@example.org", "student")}
    assert [(i.email, i.role, i.state) for i in Invitation.objects.all()] == [("new@example.org", "admin", "pending")]
    assert "new@example.org" in text_of(client.get(PAGE))


def test_a_letter_is_taken_back(world, admin) -> None:
    client = client_of(admin)
    client.post(PAGE, {"email": "new@example.org", "role": "member"})

    client.post(f"{PAGE}invitations/{Invitation.objects.get().pk}/take-back/")

    assert Invitation.objects.get().state == "withdrawn"


def test_a_role_is_changed_and_the_former_one_keeps_its_history(world, admin) -> None:
    member = make_member(world.host, world.ada, department="AI")

    client_of(admin).post(f"{PAGE}{member.pk}/role/", {"role": "admin"})

    assert [(m.role, m.department, m.until) for m in Membership.objects.filter(person=world.ada).order_by("pk")] == [
        ("member", "AI", today()), ("admin", "AI", None),
    ]  # fmt: skip


def test_a_membership_ends_after_a_page_that_says_what_follows(world, admin) -> None:
    member = make_member(world.host, world.ada)
    client = client_of(admin)

    asked = client.get(f"{PAGE}{member.pk}/end/")
    still = _here(world)
    client.post(f"{PAGE}{member.pk}/end/")

    assert (asked.status_code, ("ada@example.org", "member") in still) == (200, True)
    assert _here(world) == {(admin.email, "admin")}


def test_the_last_administrator_is_told_what_to_do_first(world, admin) -> None:
    own = Membership.objects.get(person=admin)
    client = client_of(admin)

    answers = [client.post(f"{PAGE}{own.pk}/end/"), client.post(f"{PAGE}{own.pk}/role/", {"role": "member"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("다른 사람을 관리자로 지정" in text_of(answer) for answer in answers)
    assert _here(world) == {(admin.email, "admin")}


def test_people_are_found_by_name_or_address(world, admin) -> None:
    make_member(world.host, world.ada)
    make_member(world.host, make_person("mina@example.org", name="이미나"))

    found = client_of(admin).get(PAGE, {"q": "박하늘"}).context["page"]

    assert [one.person for one in found] == [world.ada]


def test_platform_operators_manage_people_and_nobody_else(world) -> None:
    member = make_member(world.host, world.ada)

    statuses = {
        p.email: (client_of(p).get(PAGE).status_code, client_of(p).post(f"{PAGE}{member.pk}/end/").status_code)
        for p in (world.ada, world.stranger, world.clerk)
    }

    assert set(statuses.values()) == {(404, 404)}
    assert client_of(world.operator).get(PAGE).status_code == 200


def test_many_people_take_as_few_queries_as_one(world, admin, django_assert_max_num_queries) -> None:
    for number in range(12):
        make_member(world.host, make_person(name=f"김민{number}"))
    client = client_of(admin)
    client.get(PAGE)

    with django_assert_max_num_queries(12):
        assert client.get(PAGE).context["lines"].count("<li>") == 13
