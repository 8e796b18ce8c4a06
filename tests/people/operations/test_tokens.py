"""Keys for programs."""

from datetime import UTC, datetime, timedelta

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.people.models import ApiToken
from dure.people.operations import authenticate_token, forget, issue_token, revoke_token
from dure.people.queries import tokens_of
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


def invalid(secret: str) -> str:
    with pytest.raises(Forbidden) as refusal:
        authenticate_token(secret)
    assert refusal.value.code == "token.invalid"
    return refusal.value.text.en


def test_a_key_opens_its_persons_account():
    person = make_person()
    issued = issue_token(person, name="notebook")

    assert authenticate_token(issued.secret).person == person
    assert list(tokens_of(person)) == [issued.row]


def test_the_secret_is_stored_nowhere():
    issued = issue_token(make_person(), name="notebook")

    rest = issued.secret.partition(f"{issued.row.prefix}_")[2]
    assert len(rest) > 30
    assert rest not in str(ApiToken.objects.values().get())


def test_whatever_is_wrong_the_answer_is_the_same(django_assert_num_queries):
    issued, revoked, expired, gone = (
        issue_token(make_person(), name=name, expires_at=NOON + timedelta(days=400))
        for name in ("good", "revoked", "expired", "gone")
    )
    revoke_token(revoked.row)
    ApiToken.objects.filter(pk=expired.row.pk).update(expires_at=NOON)
    forget(gone.row.person)
    wrong = [
        "",
        "dure_",
        "dure_x_y",
        issued.secret + "x",
        issued.secret[:-1],
        revoked.secret,
        expired.secret,
        gone.secret,
    ]

    with django_assert_num_queries(len(wrong)):
        answers = {invalid(secret) for secret in wrong}

    assert len(answers) == 1


def test_the_last_use_is_written_once_an_hour(django_assert_num_queries):
    with clock.at(NOON):
        secret = issue_token(make_person(), name="notebook").secret
    uses = []
    for minutes, queries in ((0, 2), (59, 1), (60, 2), (61, 1)):
        with clock.at(NOON + timedelta(minutes=minutes)), django_assert_num_queries(queries):
            authenticate_token(secret)
        uses.append(ApiToken.objects.get().last_used_at - NOON)

    assert uses == [timedelta(minutes=m) for m in (0, 0, 60, 60)]


def test_a_revoked_key_is_revoked_once():
    token = issue_token(make_person(), name="notebook").row
    revoke_token(token)

    with pytest.raises(Refused) as refusal:
        revoke_token(token)

    assert refusal.value.code == "token.revoked"
    assert list(tokens_of(token.person)) == []


def test_a_key_has_a_name_and_a_future():
    names = [({"name": name}, "token.name") for name in (" ", "x" * 81)]
    for known, code in (*names, ({"name": "x", "expires_at": NOON}, "token.expiry")):
        with clock.at(NOON), pytest.raises(Flawed) as flaw:
            issue_token(make_person(), **known)
        assert flaw.value.code == code
