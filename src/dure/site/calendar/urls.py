"""Which page of the calendar answers which address."""

from django.urls import path

from dure.site.calendar import mine, planning, series, sessions, sheets, slots

urlpatterns = [
    path("me/calendar/", mine.show, name="my-calendar"),
    path("me/calendar/feeds/", mine.issue, name="feed-issue"),
    path("me/calendar/feeds/<uuid:feed_id>/revoke/", mine.revoke, name="feed-revoke"),
    path("calendar/feeds/<str:secret>.ics", mine.feed, name="calendar-feed"),
    path("calendar/", series.index, name="calendar"),
    path("calendar/new/", series.new, name="series-new"),
    path("calendar/sessions/<uuid:session_id>/", sessions.show, name="session"),
    path("calendar/sessions/<uuid:session_id>/marks/", sessions.marks, name="session-marks"),
    path("calendar/sessions/<uuid:session_id>/open/", sessions.begin, name="session-open"),
    path("calendar/sessions/<uuid:session_id>/close/", sessions.end, name="session-close"),
    path("calendar/sessions/<uuid:session_id>/code/", sessions.code, name="session-code"),
    path("calendar/sessions/<uuid:session_id>/sign-in/", sessions.sign, name="session-sign-in"),
    path("calendar/sessions/<uuid:session_id>/edit/", planning.edit, name="session-edit"),
    path("calendar/sessions/<uuid:session_id>/cancel/", planning.cancel, name="session-cancel"),
    path("calendar/sessions/<uuid:session_id>/excuse/", sessions.ask, name="excuse-ask"),
    path("calendar/excuses/<uuid:excuse_id>/withdraw/", sessions.withdraw, name="excuse-withdraw"),
    path("calendar/excuses/<uuid:excuse_id>/decide/", sessions.decide, name="excuse-decide"),
    path("calendar/slots/<uuid:slot_id>/book/", slots.take, name="slot-book"),
    path("calendar/slots/<uuid:slot_id>/withdraw/", slots.withdraw, name="slot-withdraw"),
    path("calendar/bookings/<uuid:booking_id>/release/", slots.give_up, name="booking-release"),
    path("calendar/<uuid:series_id>/", series.show, name="series"),
    path("calendar/<uuid:series_id>/plan/", planning.new, name="series-plan"),
    path("calendar/<uuid:series_id>/people/", series.people, name="series-people"),
    path("calendar/<uuid:series_id>/people/add/", series.add, name="series-add"),
    path("calendar/<uuid:series_id>/people/<uuid:person_id>/end/", series.take_off, name="series-take-off"),
    path("calendar/<uuid:series_id>/settings/", series.settings, name="series-settings"),
    path("calendar/<uuid:series_id>/slots/", slots.show, name="series-slots"),
    path("calendar/<uuid:series_id>/slots/offer/", slots.offer, name="slots-offer"),
    path("calendar/<uuid:series_id>/sheet/", sheets.show, name="series-sheet"),
    path("calendar/<uuid:series_id>/sheet/attendance.csv", sheets.export, {"kind": "csv"}, name="series-csv"),
    path("calendar/<uuid:series_id>/sheet/attendance.xlsx", sheets.export, {"kind": "xlsx"}, name="series-xlsx"),
]
