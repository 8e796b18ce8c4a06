"""The front page: what waits for whoever is signed in, in every part of the site, and the ways there."""

import re

import pytest

from dure.joints.gates.decide import decide
from dure.people.models import Role
from dure.people.operations import read_all
from dure.people.queries import unread_of
from tests.factories import make_member
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


def test_a_visitor_reads_what_this_is_and_a_person_what_waits_for_them(world) -> None:
    world.applied()

    visitor, clerk = (client_of(who).get("/") for who in (None, world.clerk))

    assert ("이렇게 진행됩니다" in text_of(visitor), "기다리는 일" in text_of(visitor)) == (True, False)
    assert ("김담당 님, 안녕하세요" in text_of(clerk), "이렇게 진행됩니다" in text_of(clerk)) == (True, False)


def test_a_decider_sees_how_many_wait_and_begins_at_once(world) -> None:
    world.applied()
    client = client_of(world.clerk)

    [group] = client.get("/").context["asked"]
    first = client.get(group.begin, follow=True).redirect_chain[-1][0]

    assert (group.kind, group.left, group.many) == ("decide", 2, False)
    assert first == f"/decisions/{world.turn(world.ada, 'apply').pk}/0/"


def test_what_is_decided_no_longer_waits(world) -> None:
    world.applied()
    for person in (world.ada, world.bo):
        decide(world.turn(person, "apply"), 0, by=world.clerk, yes=True)

    assert client_of(world.clerk).get("/").context["asked"] == []


def test_a_reviewer_sees_their_reviews(world) -> None:
    world.reviewing()
    assert [(g.kind, g.left) for g in client_of(world.judge).get("/").context["asked"]] == [("review", 1)]


def test_who_runs_programmes_sees_them_with_what_is_late(world) -> None:
    world.competing()
    runs = client_of(world.clerk).get("/").context["runs"]
    assert [(run.programme, run.late) for run in runs] == [(world.programme, 0)]


def test_who_may_make_programmes_finds_the_way(world) -> None:
    make_member(world.host, world.clerk, role=Role.ADMIN)
    assert re.search(r'href="/make/"', client_of(world.clerk).get("/").content.decode())
    assert not re.search(r'href="/make/"', client_of(world.ada).get("/").content.decode())


def test_new_notices_stand_there_until_they_are_read(world) -> None:
    world.admitted()
    client = client_of(world.ada)

    told = list(unread_of(world.ada)[:3])

    before = list(client.get("/").context["news"])
    read_all(world.ada)
    after = list(client.get("/").context["news"])

    assert (before, after, bool(told)) == (told, [], True)


def test_home_takes_few_queries_for_whoever_has_to_do_with_everything(world, django_assert_max_num_queries) -> None:
    world.reviewing()
    make_member(world.host, world.clerk, role=Role.ADMIN)
    for person in (world.clerk, world.judge, world.ada, world.operator):
        client = client_of(person)
        client.get("/")
        with django_assert_max_num_queries(20):
            client.get("/")
