"""Organisations become issuers; their keys come and go."""

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.credentials import addresses
from dure.credentials.models import KEY_MOVES, Issuer, KeyState, Method, SigningKey
from dure.credentials.operations.lists import publish_lists
from dure.people.models import Organisation
from dure.store.models import move
from dure.store.transactions import durable

ISSUES = Text(
    ko="이미 발급 기관이거나, 이 서버의 이름을 쓰는 기관이 이미 있습니다. 발급 기관 목록에서 확인하세요.",
    en="It is an issuer already, or another one is called by this host's name. Look at the list of issuers.",
)
HAS_KEY = Text(
    ko="이미 서명 키가 있습니다. 새 키로 바꾸려면 dure keys rotate를 실행하세요.",
    en="It has a signing key. To change to a new one, run dure keys rotate.",
)


@transaction.atomic
def become_issuer(organisation: Organisation, *, method: Method = Method.WEB) -> Issuer:
    """Let an organisation issue under an identifier of its own, which stays. Raises Refused("credentials.issuer")."""
    dids = {Method.WEB: addresses.did_web(organisation.short), Method.HOST: addresses.did_web(), Method.KEY: ""}
    try:
        with transaction.atomic():
            issuer = Issuer.objects.create(organisation=organisation, method=method, did=dids[method])
    except IntegrityError as twice:
        raise Refused("credentials.issuer", ISSUES) from twice
    record("issuer.made", issuer, after={"organisation": organisation.short, "method": method, "did": issuer.did})
    return issuer


def add_key(issuer: Issuer, *, public: str) -> SigningKey:
    """Have the issuer sign with a key from now on. Raises Refused("credentials.key")."""
    with durable():
        try:
            with transaction.atomic():
                key = SigningKey.objects.create(issuer=issuer, public=public)
        except IntegrityError as twice:
            raise Refused("credentials.key", HAS_KEY) from twice
        record("issuer.key-added", issuer, after={"key": public})
        publish_lists(issuer)
    return key


def end_key(key: SigningKey, *, compromised: bool = False) -> SigningKey:
    """Sign with it no more. What it signed holds, unless the key is ``compromised``: then nobody believes it again."""
    state = KeyState.COMPROMISED if compromised else KeyState.RETIRED
    with durable():
        before = key.state
        move(key, state, by=KEY_MOVES, ended_at=clock.now())
        record("issuer.key-ended", key.issuer, before={"key": key.public, "state": before}, after={"state": state})
    return key


def rotate_key(issuer: Issuer, *, public: str) -> SigningKey:
    """Sign with another key from now on; the old one stays known, for what it signed."""
    with durable():
        for key in issuer.keys.filter(state=KeyState.ACTIVE):
            end_key(key)
        return add_key(issuer, public=public)
