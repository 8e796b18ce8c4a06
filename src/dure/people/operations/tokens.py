"""Keys for programs: shown once, stored hashed, checked in constant work."""

from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import token_hex

from django.db import transaction
from django.db.models import Q, QuerySet

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.people.keys import Issued, new_secret, sha256_of
from dure.people.models import ApiToken, Person
from dure.store.worded import found

LONGEST_NAME = 80
_MARK = "dure"
_NO_TOKEN = sha256_of("")  # compared with where there is no such token, so that a wrong prefix takes as long
_COARSE = timedelta(hours=1)


@transaction.atomic
def issue_token(person: Person, *, name: str, expires_at: datetime | None = None) -> Issued[ApiToken]:
    """A new key for somebody's programs; its secret can be read nowhere again.

    Raises Flawed("token.name" or "token.expiry").
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        sentence = Text(
            ko="토큰의 용도를 {most}자 이내로 적으세요.", en="Name the token after its use, in up to {most} letters."
        )
        raise Flawed("token.name", sentence.format(most=LONGEST_NAME))
    if expires_at and expires_at <= clock.now():
        sentence = Text(ko="만료 시각은 지금보다 늦어야 합니다.", en="The expiry must lie in the future.")
        raise Flawed("token.expiry", sentence)
    prefix, rest = token_hex(6), new_secret()
    secret = f"{_MARK}_{prefix}_{rest}"
    token = ApiToken.objects.create(
        person=person, name=name.strip(), prefix=prefix, sha256=sha256_of(secret), expires_at=expires_at
    )
    record("token.issued", token, after={"name": token.name, "prefix": prefix}, about=person)
    return Issued(token, secret)


@transaction.atomic
def revoke_token(token: ApiToken) -> ApiToken:
    """The key opens nothing from now on. Raises Refused("token.revoked") the second time."""
    now = clock.now()
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise Refused("token.revoked", Text(ko="이미 폐기한 토큰입니다.", en="This token has been revoked already."))
    token.revoked_at = now
    record("token.revoked", token)
    return token


def authenticate_token(secret: str) -> ApiToken:
    """The living key behind ``secret``, with its person. Raises Forbidden("token.invalid"), whatever the reason.

    One look-up by the public prefix and one comparison in constant time, whether or not such a key exists.
    When it was last used is written at most once an hour.
    """
    prefix = secret.removeprefix(f"{_MARK}_").partition("_")[0]
    token = next(iter(found(_of_prefix, prefix)), None)
    same = compare_digest(sha256_of(secret), token.sha256 if token else _NO_TOKEN)
    now = clock.now()
    if token is None or not same or not _lives(token, now):
        sentence = Text(
            ko="토큰이 올바르지 않거나 만료되었거나 폐기되었습니다. 계정 화면에서 새 토큰을 발급하세요.",
            en="This token is wrong, expired or revoked. Issue a new one on your account page.",
        )
        raise Forbidden("token.invalid", sentence)
    unused = Q(last_used_at=None) | Q(last_used_at__lte=now - _COARSE)
    if token.last_used_at is None or token.last_used_at <= now - _COARSE:
        ApiToken.objects.filter(unused, pk=token.pk).update(last_used_at=now)
    return token


def _of_prefix(prefix: str) -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("person").filter(prefix=prefix)


def _lives(token: ApiToken, now: datetime) -> bool:
    expired = token.expires_at is not None and token.expires_at <= now
    return token.revoked_at is None and not expired and token.person.is_active
