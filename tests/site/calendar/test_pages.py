"""The calendar's pages, as those who take part and those who run it use them."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime

from dure.calendar.codes import code_at
from dure.calendar.models import Attendance, Booking, Excuse, Feed, Series, Session, Slot
from dure.calendar.operations import close_session, issue_feed
from dure.core import clock
from tests.calendar.factories import HOUR, NINE, make_attendee, make_series, make_session, make_teacher, opened
from tests.factories import make_admin, make_organisation, make_person
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
FORM = {"title_ko": "{n}회", "title_en": "Part {n}", "day": "2026-09-07", "starts": "09:00", "ends": "11:00"}


@pytest.fixture
def series():
    """It is nine on the day of its sessions."""
    clock.set_clock(NINE)
    yield make_series(organisation=make_organisation("home"))
    clock.set_clock(None)


def test_an_administrator_opens_a_series_and_others_do_not(series):
    form = {"organisation": "home", "title_ko": "새 일정", "title_en": "New", "zone": "Asia/Seoul", "early_minutes": 10,
            "late_minutes": 10, "part_percent": 100, "slots_each": 1}  # fmt: skip
    admin = client_of(make_admin(series.organisation))

    refused = client_of(make_person()).post("/calendar/new/", form)
    wrong = admin.post("/calendar/new/", {**form, "zone": "Mars"})
    made = admin.post("/calendar/new/", form)

    assert "모르는 시간대입니다" in text_of(wrong)
    assert made["Location"] == f"/calendar/{Series.objects.get(title_en='New').pk}/plan/"
    assert refused.status_code == 200  # the organisation is not theirs to choose
    assert "새 일정" in text_of(admin.get("/calendar/"))


def test_a_teacher_plans_once_and_weekly(series):
    teacher = client_of(make_teacher(series))
    path = f"/calendar/{series.pk}/plan/"

    teacher.post(path, {**FORM, "ends": "01:00"})
    incomplete = teacher.post(path, {**FORM, "weekdays": ["0"]})
    told = teacher.post(
        path, {**FORM, "weekdays": ["0", "2"], "last": "2026-09-16", "skipped": "2026-09-09"}, follow=True
    )

    assert "언제까지 반복할지" in text_of(incomplete)
    assert "수업 3개를 계획했습니다." in text_of(told)
    assert sorted(Session.objects.values_list("title_en", flat=True)) == ["Part 1", "Part 2", "Part 3", "Part {n}"]
    assert Session.objects.get(title_en="Part {n}").minutes == 16 * 60  # to the next day


def test_a_change_of_all_that_follow_is_told_and_a_cancellation_asks_first(series):
    teacher = client_of(make_teacher(series))
    member = client_of(make_attendee(series))
    teacher.post(f"/calendar/{series.pk}/plan/", {**FORM, "day": "2026-09-14", "weekdays": ["0"], "last": "2026-09-28"})
    first, second, third = Session.objects.order_by("starts_at")
    form = {"title_ko": "실습", "title_en": "Practice", "day": "2026-09-22", "starts": "10:00", "ends": "11:00",
            "place": "Hall", "reason": "명절"}  # fmt: skip

    changed = teacher.post(f"/calendar/sessions/{second.pk}/edit/", {**form, "following": "yes"}, follow=True)
    asked = teacher.get(f"/calendar/sessions/{third.pk}/cancel/")
    teacher.post(f"/calendar/sessions/{third.pk}/cancel/", {"reason": "휴일"})

    assert "수업 2개를 변경했습니다." in text_of(changed)
    assert [f"{localtime(row.starts_at):%m-%d %H}" for row in Session.objects.order_by("starts_at")] == [
        "09-14 09", "09-22 10", "09-29 10",
    ]  # fmt: skip
    assert "되돌릴 수 없습니다" in text_of(asked)
    assert "취소된 수업입니다." in text_of(member.get(f"/calendar/sessions/{third.pk}/"))
    assert member.get(f"/calendar/sessions/{first.pk}/edit/").status_code == 403


def test_one_signs_in_from_the_code_on_the_wall(series):
    teacher, ada = client_of(make_teacher(series)), make_attendee(series)
    session = make_session(series)
    began = teacher.post(f"/calendar/sessions/{session.pk}/open/", follow=True)
    code = code_at(session.secret, clock.now())
    member, path = client_of(ada), f"/calendar/sessions/{session.pk}/sign-in/"

    calendar = text_of(member.get("/me/calendar/"))
    wrong = member.post(path, {"code": "000"})
    right = member.post(path, {"code": code})
    part = teacher.get(f"/calendar/sessions/{session.pk}/code/", headers={"HX-Request": "true"})

    assert f"{code[:3]} {code[3:]}" in text_of(began)
    assert "출석을 확인하고 있습니다." in calendar
    assert (wrong.status_code, "코드가 맞지 않거나" in text_of(wrong)) == (409, True)
    assert "출석 상태: 출석" in text_of(right)
    assert "1 / 1" in text_of(part)
    assert "<html" not in part.content.decode()
    assert member.get(f"/calendar/sessions/{session.pk}/code/").status_code == 403


def test_a_browser_that_signs_for_two_is_marked_for_the_teacher(series):
    ada, bo = make_attendee(series), make_attendee(series)
    session = opened(make_session(series))
    browser, path = client_of(ada), f"/calendar/sessions/{session.pk}/sign-in/"
    code = code_at(session.secret, clock.now())
    browser.post(path, {"code": code})
    device = browser.cookies["calendar-device"].value
    other = client_of(bo)
    other.cookies["calendar-device"] = device
    other.post(path, {"code": code})

    page = text_of(client_of(make_teacher(series)).get(f"/calendar/sessions/{session.pk}/"))

    assert Attendance.objects.count() == 2
    assert "같은 기기로 출석한 사람들이 있습니다." in page


def test_a_teacher_marks_the_rest_present_and_corrects_with_a_reason(series):
    teacher, ada, bo = client_of(make_teacher(series)), make_attendee(series), make_attendee(series)
    session = opened(make_session(series))
    path = f"/calendar/sessions/{session.pk}/marks/"

    teacher.post(path, {f"mark-{ada.pk}": "absent", "rest": "present"})
    teacher.post(f"/calendar/sessions/{session.pk}/close/")
    refused = teacher.post(path, {f"mark-{ada.pk}": "late"})
    teacher.post(path, {f"mark-{ada.pk}": "late", "reason": "버스"})

    assert refused.status_code == 409
    assert dict(Attendance.objects.values_list("person", "mark")) == {ada.pk: "late", bo.pk: "present"}
    people = text_of(teacher.get(f"/calendar/{series.pk}/people/"))
    assert "100% 1/1" in people


def test_an_absence_is_excused_on_request(series):
    teacher, ada = client_of(make_teacher(series)), make_attendee(series)
    session = close_session(opened(make_session(series)))
    member, path = client_of(ada), f"/calendar/sessions/{session.pk}/"

    member.post(f"{path}excuse/", {"reason": "독감"})
    excuse = Excuse.objects.get()
    stranger = client_of(make_attendee(make_series())).post(
        f"/calendar/excuses/{excuse.pk}/decide/", {"approve": "yes"}
    )
    seen = text_of(teacher.get(path))
    teacher.post(f"/calendar/excuses/{excuse.pk}/decide/", {"approve": "yes", "answer": "쾌유를 빕니다"})

    assert "독감" in seen
    assert stranger.status_code == 404
    assert "쾌유를 빕니다" in text_of(member.get(path))
    assert Attendance.objects.get().mark == "excused"


def test_a_sheet_goes_out_and_comes_back(series):
    teacher, ada = client_of(make_teacher(series)), make_attendee(series)
    close_session(opened(make_session(series)))
    own = f"/calendar/{series.pk}/sheet/"
    taken = teacher.get(f"{own}attendance.csv").content.decode()
    filled = re.sub(r",absent,,", ",excused,독감,", taken).encode()
    broken = re.sub(r",absent,,", ",gone,x,", taken).encode()

    def send(content: bytes, **more: str):
        return teacher.post(own, {"file": SimpleUploadedFile("a.csv", content), **more})

    checked = send(filled)
    untouched = Attendance.objects.get().mark
    send(filled, enter="yes")

    assert ("1행이 바뀝니다" in text_of(checked), untouched) == (True, "absent")
    assert Attendance.objects.get(person=ada).mark == "excused"
    assert " 2 mark mark는" in re.sub(r"\s+", " ", text_of(send(broken)))
    assert teacher.get(f"{own}attendance.xlsx").content.startswith(b"PK")
    assert client_of(ada).get(own).status_code == 403


def test_slots_are_offered_booked_and_cancelled_on_their_page(series):
    host, ada = make_teacher(series), make_attendee(series)
    teacher, member, own = client_of(host), client_of(ada), f"/calendar/{series.pk}/slots/"
    form = {"host": host.pk, "day": "2026-09-08", "starts": "10:00", "ends": "11:00", "length": 20, "pause": 0}

    offered = teacher.post(f"{own}offer/", form, follow=True)
    twice = teacher.post(f"{own}offer/", form)
    slot = Slot.objects.order_by("starts_at")[0]
    booked = member.post(f"/calendar/slots/{slot.pk}/book/", follow=True)
    seen = text_of(teacher.get(own))
    member.post(f"/calendar/bookings/{Booking.objects.get().pk}/release/")

    assert "예약 시간 3개를 공개했습니다." in text_of(offered)
    assert "예약 시간이 이미 있습니다" in text_of(twice)
    assert "내 예약" in text_of(booked)
    assert f"예약자 {ada}" in seen
    assert Slot.objects.filter(state="open").count() == 3


def test_an_address_is_shown_once_and_revoked(series):
    ada = make_attendee(series)
    member = client_of(ada)

    made = member.post("/me/calendar/feeds/", {"series": ""})
    again = member.get("/me/calendar/")
    member.post(f"/me/calendar/feeds/{Feed.objects.get().pk}/revoke/")

    assert "/calendar/feeds/" in made.content.decode()
    assert ".ics" not in again.content.decode()
    assert Feed.objects.get().revoked_at is not None


def test_strangers_see_nothing_and_empty_calendars_lead_on(series):
    session = make_session(series)
    stranger = client_of(make_person())

    for path in (f"/calendar/{series.pk}/", f"/calendar/sessions/{session.pk}/", f"/calendar/{series.pk}/slots/"):
        assert stranger.get(path).status_code == 404
    assert "이달에는 일정이 없습니다" in text_of(stranger.get("/me/calendar/"))
    assert client_of(None).get("/me/calendar/").status_code == 302


def test_pages_ask_twenty_one_times_at_most_however_much_there_is(series, django_assert_max_num_queries):
    teacher, ada = make_teacher(series), make_attendee(series)
    for number in range(40):
        make_attendee(series)
        make_session(series, starts_at=NINE + timedelta(days=number % 20, hours=number % 3))
    session = opened(make_session(series, starts_at=NINE + HOUR / 2, place="Hall", capacity=3))
    issue_feed(ada)
    own = f"/calendar/{series.pk}/"
    for person, paths in (
        (ada, ["/me/calendar/", own, f"{own}slots/", f"/calendar/sessions/{session.pk}/"]),
        (teacher, [own, f"{own}people/", f"{own}slots/", f"/calendar/sessions/{session.pk}/", "/calendar/"]),
    ):
        client = client_of(person)
        client.get("/me/calendar/")
        for path in paths:
            client.get(path)  # what is asked once a process is asked now
            with django_assert_max_num_queries(20):
                assert client.get(path).status_code == 200
