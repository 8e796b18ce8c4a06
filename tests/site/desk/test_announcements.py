"""Announcements at the desk: written, looked at, sent once, read by their receivers."""

import pytest

from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.programmes.models import Announcement, AnnouncementState
from dure.programmes.operations.announcing import SENDING
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
DESK = "/desk/field-ai-2026/announcements/"
TEXTS = {
    "subject_ko": "일정 안내", "body_ko": "{name} 님, 내일 시작합니다.",
    "subject_en": "Dates", "body_en": "{name}, it begins tomorrow.",
}  # fmt: skip


def _written(world, **group: str) -> Announcement:
    client_of(world.clerk).post(f"{DESK}new/", {**TEXTS, **group})
    return Announcement.objects.latest("pk")


def test_a_draft_shows_how_many_receive_it_and_one_letter(world) -> None:
    world.competing()
    made = _written(world, stage="task", option="speech")

    seen = client_of(world.clerk).get(f"{DESK}{made.pk}/").context

    assert (seen["count"], [sample.person for sample in seen["samples"]]) == (1, [world.bo])
    assert "최바다 님, 내일 시작합니다." in seen["samples"][0].text


def test_it_is_sent_once_however_often_the_button_is_pressed(world) -> None:
    world.applied()
    made, before = _written(world), Message.objects.count()
    client = client_of(world.clerk)

    codes = [client.post(f"{DESK}{made.pk}/send/").status_code for _ in range(2)]
    drain({SENDING})

    assert (codes, Message.objects.count() - before) == ([302, 409], 2)


def test_what_is_empty_is_told_at_its_field(world) -> None:
    page = client_of(world.clerk).post(f"{DESK}new/", {**TEXTS, "body_en": " "})
    assert (set(page.context["form"].errors), Announcement.objects.count()) == ({"body_en"}, 0)


def test_only_its_receivers_and_the_desk_read_it(world) -> None:
    world.competing()
    made = _written(world, stage="task", option="speech")
    client_of(world.clerk).post(f"{DESK}{made.pk}/send/")
    drain({SENDING})

    pages = {who.name: client_of(who).get(f"/announcements/{made.pk}/") for who in (world.bo, world.ada, world.clerk)}

    assert {name: page.status_code for name, page in pages.items()} == {"최바다": 200, "박하늘": 404, "김담당": 200}
    assert "최바다 님, 내일 시작합니다." in text_of(pages["최바다"])


def test_a_draft_is_changed_and_thrown_away(world) -> None:
    made = _written(world)
    client = client_of(world.clerk)

    client.post(f"{DESK}{made.pk}/?edit=yes", {**TEXTS, "subject_ko": "다시"})
    changed = Announcement.objects.get().subject_ko
    client.post(f"{DESK}{made.pk}/discard/")

    assert (changed, Announcement.objects.count()) == ("다시", 0)


def test_changed_dates_begin_a_letter_to_those_they_touch(world) -> None:
    world.competing()
    address = "/desk/field-ai-2026/stages/task/dates/"

    answer = client_of(world.clerk).post(address, {"to": "2030-01-31", "to-time": "18:00", "tell": "yes"})

    world.programme.refresh_from_db()
    assert world.programme.windows == {"task": {"to": "2030-01-31T18:00"}}
    assert answer.url == f"{DESK}new/?stage=task&about=dates"
    assert client_of(world.clerk).get(answer.url).context["count"] == 2


def test_dates_that_cannot_be_are_told(world) -> None:
    page = client_of(world.clerk).post(
        "/desk/field-ai-2026/stages/task/dates/", {"from": "2030-02-01", "to": "2030-01-01"}
    )
    assert (page.status_code, len(page.context["flaws"]) > 0) == (200, True)


def test_how_far_it_is_comes_anew_only_when_it_went_on(world) -> None:
    world.competing()
    made = _written(world)
    client = client_of(world.clerk)
    client.post(f"{DESK}{made.pk}/send/")
    first = client.get(f"{DESK}{made.pk}/now/")

    same = client.get(f"{DESK}{made.pk}/now/", headers={"If-None-Match": first["ETag"]})
    drain({SENDING})
    then = client.get(f"{DESK}{made.pk}/now/", headers={"If-None-Match": first["ETag"]})

    assert [answer.status_code for answer in (first, same, then)] == [200, 304, 200]
    assert ("<progress" in first.content.decode(), "<progress" in then.content.decode()) == (True, False)


def test_sending_is_stopped_and_said(world) -> None:
    world.applied()
    made = _written(world)
    client = client_of(world.clerk)
    client.post(f"{DESK}{made.pk}/send/")

    page = client.post(f"{DESK}{made.pk}/stop/", follow=True)
    drain({SENDING})

    made.refresh_from_db()
    assert (made.state, made.told) == (AnnouncementState.STOPPED, 0)
    assert "0통을 보냈고, 나머지는 중단했습니다." in text_of(page)
