"""Dates as the other platforms read them: month first where only digits stand, UTC where no zone stands."""

import datetime as dt
import re
from collections.abc import Callable

_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,6})\d*)?)?")
_HALF = re.compile(r"\s*\b(?P<half>[ap])\.?m\b\.?")
_ZONE = re.compile(r"\s*(?P<zone>z|utc|gmt|(?:utc|gmt)?(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)\s*$")
_WEEKDAY = re.compile(r"^\s*(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+")
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_DIGITS = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})")
_NAMED = re.compile(r"(?P<name>[a-z]{3,9})\.?\s*-?\s*(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s*-?\s*(?P<y>\d{4})")
_DAY_NAMED = re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?P<name>[a-z]{3,9})\.?,?[\s-]+(?P<y>\d{4})")


def moment(value: object) -> dt.datetime | None:
    """The moment in UTC that a YAML date, time or text means; None where it means none, or one of another age."""
    try:
        read = _moment(value)
    except (ValueError, OverflowError):
        return None
    return read if read and _FIRST_YEAR <= read.year <= _LAST_YEAR else None


def _moment(value: object) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return _of_text(value.strip().lower()) if isinstance(value, str) else None


def _of_text(text: str) -> dt.datetime | None:
    text, clock, ahead = _without_time(text)
    dates = (read(found) for form, read in _FORMS if (found := form.fullmatch(text)))
    date = next(dates, None)
    return dt.datetime.combine(date, clock, dt.UTC) - ahead if date else None


def _without_time(text: str) -> tuple[str, dt.time, dt.timedelta]:
    """The date alone, the time of day, and how far its zone is ahead of UTC."""
    found = _TIME.search(text)
    if not found:
        return _WEEKDAY.sub("", text).strip(), dt.time(), dt.timedelta()
    before, behind = text[: found.start()], text[found.end() :]
    hour = int(found["hour"])
    if half := _HALF.match(behind):
        behind = behind[half.end() :]
        hour = hour % 12 + (12 if half["half"] == "p" else 0)
    ahead = dt.timedelta()
    if zone := _ZONE.fullmatch(behind):
        behind = ""
        ahead = _ahead(zone)
    clock = dt.time(hour, int(found["minute"]), int(found["second"] or 0), int((found["part"] or "0").ljust(6, "0")))
    date = _WEEKDAY.sub("", f"{before} {behind}".strip())
    return re.sub(r"(?<=\d)t$", "", date.strip().rstrip(",")).strip(), clock, ahead


def _ahead(zone: re.Match[str]) -> dt.timedelta:
    if not zone["sign"]:
        return dt.timedelta()
    ahead = dt.timedelta(hours=int(zone["hours"]), minutes=int(zone["minutes"] or 0))
    return ahead if zone["sign"] == "+" else -ahead


def _year_first(found: re.Match[str]) -> dt.date:
    return dt.date(int(found["y"]), int(found["m"]), int(found["d"]))


def _month_first(found: re.Match[str]) -> dt.date:
    """Month first, unless the first number can be no month."""
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    month, day = (first, second) if first <= len(_MONTHS) else (second, first)
    return dt.date(year if year > 99 else 2000 + year, month, day)


def _named(found: re.Match[str]) -> dt.date:
    return dt.date(int(found["y"]), _MONTHS.index(found["name"][:3]) + 1, int(found["d"]))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], dt.date]], ...] = (
    (_YEAR_FIRST, _year_first),
    (_DIGITS, _month_first),
    (_NAMED, _named),
    (_DAY_NAMED, _named),
)
