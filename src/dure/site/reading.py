"""What somebody typed or wrote into an address, read as what it should be: a number, a day, a moment."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext

MOST_DIGITS = 9  # of a number that somebody sends: it fits every column
YEARS = range(1900, 9000)  # what lies far outside has no moment in every zone

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # what names a thing in addresses


def number_from(written: str | None) -> int | None:
    """The whole number that somebody sent; None for what is none, or has more digits than any number of ours."""
    given = (written or "").strip()
    return int(given) if given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS else None


def numbers_from(written: Iterable[str]) -> list[int]:
    """The whole numbers among what somebody sent."""
    return [number for one in written if (number := number_from(one)) is not None]


def day_from(written: str | None) -> datetime | None:
    """The first moment of a day in the visitor's zone; None for what is no day."""
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    return datetime.combine(day, time.min, get_current_timezone()) if day.year in YEARS else None


class MomentField(forms.DateTimeField):
    """A day and a time in the visitor's zone, entered in the browser's own field."""

    def __init__(self, label: Any = None, **known: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(label=label, widget=widget, validators=[_check_year], **known)


class SlugField(forms.CharField):
    """What names a thing in addresses, for ever; capital letters become small."""

    def clean(self, value: Any) -> str:
        key: str = super().clean(value).lower()
        if not SLUG.fullmatch(key):
            raise ValidationError(
                gettext("Begin with a small letter or a digit; then small letters, digits, single hyphens.")
            )
        return key


def _check_year(moment: datetime) -> None:
    if moment.year not in YEARS:
        raise ValidationError(
            gettext("Enter a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}
        )
