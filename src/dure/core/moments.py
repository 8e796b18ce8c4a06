"""Days and moments as people write them, in Korean and in English."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dure.core.text import Text

_ALONE = Text(ko="{when}", en="{when}")
_DAYS_KO = "월화수목금토일"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(on: date) -> Text:
    """2026년 11월 24일(화); Tue 24 Nov 2026."""
    return Text(
        ko=f"{on.year}년 {on.month}월 {on.day}일({_DAYS_KO[on.weekday()]})",
        en=f"{_DAYS_EN[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}",
    )


def moment_text(at: datetime, zone: tzinfo) -> Text:
    """Its day and time in ``zone``: 2026년 11월 24일(화) 10:00; Tue 24 Nov 2026, 10:00."""
    local = at.astimezone(zone)
    return _text(local.date(), f"{local:%H:%M}")


def until_text(at: datetime, zone: tzinfo) -> Text:
    """As ``moment_text``, of a close: midnight is the end of the day before, as people say it (24:00)."""
    local = at.astimezone(zone)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment_text(at, zone)
    return _text(local.date() - timedelta(days=1), "24:00")


def _text(on: date, time: str) -> Text:
    day = day_text(on)
    return Text(ko=f"{day.ko} {time}", en=f"{day.en}, {time}")


@dataclass(frozen=True, slots=True)
class Told:
    """A moment in a sentence (``{when}``): in its reader's zone, with the ``zone`` of who set it beside it.

    ``closes``: it is the end of a window. ``zone`` may be empty: then it is the reader's alone.
    """

    at: datetime
    zone: str = ""
    closes: bool = False
    sentence: Text = _ALONE

    def to(self, reader: tzinfo) -> Text:
        """As somebody reads it whose clock goes by ``reader``."""
        there = ZoneInfo(self.zone) if self.zone else reader
        own = self._written(reader)
        if self.at.astimezone(there).utcoffset() == self.at.astimezone(reader).utcoffset():
            return self.sentence.format(when=own)
        beside = self._written(there)
        both = Text(ko=f"{own.ko} ({self.zone} {beside.ko})", en=f"{own.en} ({self.zone} {beside.en})")
        return self.sentence.format(when=both)

    def to_anybody(self) -> Text:
        """For readers whose zone is not known: in the zone of who set it, with its name."""
        own = self._written(ZoneInfo(self.zone))
        return self.sentence.format(when=Text(ko=f"{own.ko} ({self.zone})", en=f"{own.en} ({self.zone})"))

    def _written(self, zone: tzinfo) -> Text:
        return until_text(self.at, zone) if self.closes else moment_text(self.at, zone)
