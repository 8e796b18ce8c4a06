"""A credential that a programme gives is proposed, signed off and signed by its issuer, and comes back as done."""

import pytest

from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.credentials import keys
from dure.credentials.models import Credential, CredentialState, Kind, Method
from dure.credentials.operations import (
    Content,
    add_key,
    approve,
    become_issuer,
    decline,
    define,
    retire,
    revoke,
)
from dure.joints.gives.credential import bind_credential
from dure.joints.gives.recorded import confirm
from dure.joints.gives.recorded import revoke as revoke_given
from dure.people.models import Role
from dure.people.operations import forget
from dure.programmes.models import Given
from tests.credentials.conftest import work_off
from tests.factories import make_admin, make_member, make_organisation, make_person
from tests.programmes.build import exam, live

pytestmark = pytest.mark.django_db
BADGE = ", gives: [{credential: {name: Badge, type: badge, valid: 1y}}]"
SAID = Text(ko="통과", en="Passed")


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.BASE_URL = "https://dure.example"
    keys.private.cache_clear()


@pytest.fixture
def issuer():
    made = become_issuer(make_organisation("hanbit"), method=Method.WEB)
    add_key(made, public=keys.make())
    return made


@pytest.fixture
def badge(issuer):
    return define(issuer, code="badge", kind=Kind.BADGE, content=Content(SAID, SAID, SAID), by=None, signed_off=False)


@pytest.fixture
def running(issuer, badge):
    """A programme whose operator looks after the issuer too, with the badge bound."""
    found = live(exam(more=BADGE))
    make_member(issuer.organisation, found.operator, role=Role.ADMIN)
    bind_credential(found.programme, "Badge", achievement=badge, by=found.operator)
    return found


def state_of(given):
    given.refresh_from_db()
    return given.state


def test_who_passes_is_issued_what_is_bound_on_the_evidence_of_what_they_passed(running):
    turn = running.scored(1)[0]
    given = Given.objects.get()

    credential = Credential.objects.get()
    turn.refresh_from_db()
    assert (given.state, given.via, credential.state) == ("done", "credential", "issued")
    assert (credential.person, list(credential.evidence.all())) == (given.person, [turn.evidence])
    assert credential.valid_until == given.expires_at


def test_where_a_person_signs_off_nothing_is_issued_before_they_do(running, badge):
    badge.signed_off = True
    badge.save(update_fields=["signed_off"])
    running.scored(1)
    given, proposed = Given.objects.get(), Credential.objects.get()
    work_off()
    waiting = state_of(given), Credential.objects.get().state

    approve([proposed.pk], achievement=badge, by=make_admin(badge.issuer.organisation))
    work_off()

    assert waiting == ("due", CredentialState.PROPOSED)
    assert state_of(given) == "done"


def test_what_the_issuer_declines_or_revokes_is_revoked_in_the_programme(running, badge):
    badge.signed_off = True
    badge.save(update_fields=["signed_off"])
    running.scored(1, 1)
    first, second = Credential.objects.order_by("pk")
    registrar = make_admin(badge.issuer.organisation)

    decline(first, reason="copied", by=registrar)
    approve([second.pk], achievement=badge, by=registrar)
    work_off()
    second.refresh_from_db()
    revoke(second, reason="by mistake", by=registrar)

    assert [(given.state, given.details["revoked"]) for given in Given.objects.order_by("details__revoked")] == [
        ("revoked", "by mistake"),
        ("revoked", "copied"),
    ]


def test_what_was_due_before_is_proposed_when_an_achievement_is_bound(issuer, badge):
    found = live(exam(more=BADGE))
    found.scored(1)
    make_member(issuer.organisation, found.operator, role=Role.ADMIN)

    bind_credential(found.programme, "Badge", achievement=badge, by=found.operator)
    bind_credential(found.programme, "Badge", achievement=badge, by=found.operator)
    work_off()

    assert (Credential.objects.count(), state_of(Given.objects.get())) == (1, "done")


def test_unbound_it_stays_recorded():
    found = live(exam(more=BADGE))
    found.scored(1)

    done = confirm(Given.objects.get(), by=found.operator)

    assert (done.state, Credential.objects.count()) == ("done", 0)


@pytest.mark.parametrize("act", [confirm, lambda given, by: revoke_given(given, by=by, reason="no")])
def test_what_an_issuer_signs_is_neither_confirmed_nor_revoked_by_hand(running, act):
    running.scored(1)

    with pytest.raises(Refused) as refused:
        act(Given.objects.get(), by=running.operator)

    assert refused.value.code == "give.issued"


def test_nobody_passes_while_what_they_would_be_given_is_retired(running, badge):
    retire(badge, by=None)

    turn = running.scored(1)[0]

    turn.refresh_from_db()
    assert (turn.state, Given.objects.count(), Credential.objects.count()) == ("handed-in", 0, 0)


def test_only_who_operates_and_looks_after_the_issuer_binds_one_of_the_same_kind(issuer, badge):
    found = live(exam(more=BADGE))
    both = make_member(issuer.organisation, found.operator, role=Role.ADMIN).person
    title = define(issuer, code="title", kind=Kind.TITLE, content=Content(SAID, SAID, SAID), by=None)

    for person in (make_person(), make_admin(issuer.organisation)):
        with pytest.raises(Forbidden):
            bind_credential(found.programme, "Badge", achievement=badge, by=person)
    for name, achievement, code in (("Badge", title, "credential.kind"), ("Medal", badge, "credential.unknown")):
        with pytest.raises(Refused) as refused:
            bind_credential(found.programme, name, achievement=achievement, by=both)
        assert refused.value.code == code


def test_who_is_forgotten_leaves_no_word_in_their_credentials(running):
    running.scored(1)
    work_off()
    credential = Credential.objects.get()

    forget(credential.person)

    credential.refresh_from_db()
    assert (credential.document, credential.token, credential.state) == ("", "", "issued")
