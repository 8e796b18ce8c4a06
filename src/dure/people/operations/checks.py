"""What several operations check: words of a list, names of the language, and what may be there only once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction

from dure.core.errors import Flawed, Refused
from dure.core.text import Text

C = TypeVar("C", bound=models.TextChoices)

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def word_of(words: type[C], word: str, *, code: str) -> C:
    """``word`` as one of ``words``; raises Flawed(code) with those there are."""
    if word not in words.values:
        sentence = Text(
            ko="‘{word}’은(는) 쓸 수 없는 값입니다. 다음 중에서 고르세요: {words}",
            en="{word} is not one of the words allowed. Choose one of: {words}",
        )
        raise Flawed(code, sentence.format(word=word, words=", ".join(words.values)), word=word)
    return words(word)


def named(name: str, *, code: str) -> str:
    """A name as blueprints write them (BLUEPRINT, appendix, Types); raises Flawed(code)."""
    if not _NAME.fullmatch(name):
        sentence = Text(
            ko="이름에는 영문 소문자, 숫자, 하이픈(-)만 쓸 수 있고 첫 글자는 영문자여야 합니다.",
            en="A name has small letters, digits and single hyphens, a letter first.",
        )
        raise Flawed(code, sentence, name=name)
    return name


def mail_address(email: str) -> str:
    """The address as it is kept. Raises Flawed("person.email")."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as flaw:
        sentence = Text(
            ko="이메일 주소 형식이 올바르지 않습니다. 다시 확인하세요.", en="This is not an email address. Check it."
        )
        raise Flawed("person.email", sentence, email=email) from flaw
    return address


@contextmanager
def once(code: str, text: Text) -> Iterator[None]:
    """Refuse with ``text`` what breaks a constraint, so that of two who do the same at the same time one wins."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        raise Refused(code, text) from clash
