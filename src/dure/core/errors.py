"""Errors a visitor may read: each says what went wrong and what to do about it. A bug is none of these."""

from dure.core.text import Text


class Refused(Exception):  # noqa: N818 -- it is a verdict, not a fault
    """A rule said no.

    ``code`` is for programs (``room.what``), ``text`` is the sentence for people in both languages,
    ``facts`` are the numbers behind it. Surfaces answer 409 (subclasses: their ``status``).
    """

    status = 409

    def __init__(self, code: str, text: Text | str, **facts: object) -> None:
        self.code = code
        self.text = text if isinstance(text, Text) else Text(ko=text, en=text)
        self.facts = facts
        super().__init__(self.text.en)


class Missing(Refused):
    """What was asked for is not there (or not for this person to know of)."""

    status = 404


class Forbidden(Refused):
    """It is there, but not for this person to do."""

    status = 403


class Unready(Refused):
    """Not now: something this needs is not up. Trying again later is right."""

    status = 503


class TooOften(Refused):
    """It was asked for too often; ``facts["seconds"]``: how long to wait before asking again."""

    status = 429


class TooLarge(Refused):
    """What was sent is above its bound."""

    status = 413


class Flawed(Refused):
    """What was sent is malformed; ``facts["errors"]`` lists every flaw with its place."""

    status = 422
