"""Numbers, money and moments as people write them in Korean and in English."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from dure.core import clock
from dure.core.currencies import in_man, is_round, named
from dure.core.moments import day_text, moment_text, until_text
from dure.core.text import Text
from dure.site.drawing import drawn

_COUNTERS = frozenset({"시간", "일", "주", "개월", "년", "회", "명", "건", "개", "대"})  # written without a blank


def _read(text: Text) -> str:
    """The sentence in the visitor's language."""
    return text[get_language() or "ko"]


def number(value: float) -> str:
    """Thousands apart; of decimals at most four, none where they are zero."""
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"


def percent(share: Decimal | float) -> str:
    """0.625 as 62.5%."""
    return f"{(Decimal(share) * 100).quantize(Decimal('0.1')).normalize():f}%"


def money(amount: int, currency: str = "KRW") -> str:
    """``amount`` smallest units: 1,500만 원, 2억 500만 원, 12,345원; KRW 15,000,000; of cents USD 1,000.50."""
    return _read(named(amount, currency))


def quantity(amount: float, unit: str) -> str:
    """``amount`` of something: 12시간, 2,000만 토큰; 12 hours, 20,000,000 tokens."""
    written = in_man(int(amount)) if get_language() != "en" and is_round(amount) else number(amount)
    return f"{written}{unit}" if unit in _COUNTERS else f"{written} {unit}".strip()


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Day and time of ``at`` in ``zone`` (else the visitor's)."""
    return _read(moment_text(at, zone or timezone.get_current_timezone()))


def weekday(on: date) -> str:
    """A day that has no time, with the name it has in its week."""
    return _read(day_text(on))


def day(at: datetime) -> str:
    local = at.astimezone(timezone.get_current_timezone())
    if get_language() == "en":
        return date_format(local, "j M Y", use_l10n=False)
    return f"{local.year}. {local.month}. {local.day}."


def short_day(on: date) -> str:
    """A day without its year: 11월 20일; 20 Nov."""
    return date_format(on, "j M", use_l10n=False) if get_language() == "en" else f"{on.month}월 {on.day}일"


def clock_time(at: datetime) -> str:
    """``14:03`` of today, else day and time."""
    local = at.astimezone(timezone.get_current_timezone())
    return f"{local:%H:%M}" if local.date() == timezone.localdate(clock.now()) else moment(at)


def until(at: datetime, zone: ZoneInfo | None = None) -> str:
    """A close: midnight is the end of the day before, as people say it (24:00)."""
    return _read(until_text(at, zone or timezone.get_current_timezone()))


def left(at: datetime) -> str:
    """How long it is until ``at``: whole days, below two of them hours, below two hours minutes; empty once past."""
    ahead = at - clock.now()
    minutes, hours, days = (ahead // timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
    if ahead <= timedelta():
        return ""
    if not minutes:
        return gettext("less than a minute left")
    if days >= 2:
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    if hours >= 2:
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}


def when(at: datetime | None, zone: str = "", write: Callable[[datetime, ZoneInfo | None], str] = moment) -> SafeString:
    """``at`` as a ``<time>`` in the visitor's zone; beside it in the programme's ``zone`` where their clocks differ."""
    if at is None:
        return SafeString("")
    own = at.astimezone(timezone.get_current_timezone())
    there = at.astimezone(ZoneInfo(zone)) if zone else own
    beside = "" if there.utcoffset() == own.utcoffset() else f" ({zone} {write(at, ZoneInfo(zone))})"
    return drawn('<time datetime="{}">{}</time>{}', at.isoformat(timespec="seconds"), write(at, None), beside)
