"""Private keys are files of the worker's; old ones stay known, compromised ones do not."""

import json
import stat
import subprocess
import sys

import pytest

from dure.cli.main import main
from dure.core.errors import Refused, Unready
from dure.core.findings import State
from dure.credentials import keys
from dure.credentials.dids import did_document
from dure.credentials.models import Issuer, KeyState, Method, SigningKey
from dure.credentials.operations import add_key, become_issuer, end_key, issue, rotate_key
from dure.credentials.queries import active_key
from dure.credentials.verifying import verified_here
from tests.credentials.conftest import work_off
from tests.factories import make_organisation


def test_the_file_is_its_owners_alone(settings):
    public = keys.make()
    file = settings.KEYS / f"{public}.pem"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.KEYS.stat().st_mode) == 0o700
    assert b"ENCRYPTED" not in file.read_bytes()


def test_a_secret_encrypts_the_file(settings):
    settings.KEY_SECRET = "correct horse"
    public = keys.make()
    assert b"ENCRYPTED" in keys.path_of(public).read_bytes()
    assert keys.private(public)

    keys.private.cache_clear()
    settings.KEY_SECRET = "wrong"
    with pytest.raises(Unready, match="DURE_KEY_SECRET"):
        keys.private(public)


def test_a_key_that_is_elsewhere_makes_the_job_wait(achievement, issuer, learner, registrar):
    keys.destroy(active_key(issuer).public)
    made = issue(achievement, to=learner, ground="a", by=registrar)
    work_off()
    made.refresh_from_db()

    assert (made.state, made.document) == ("approved", "")


def test_pages_and_endpoints_never_reach_private_keys():
    """Loading everything that the web process serves loads nothing that opens a key's file."""
    code = (
        "import django, sys; django.setup(); import dure.urls; "
        "from django.urls import get_resolver; get_resolver().url_patterns; "
        "sys.exit('dure.credentials.keys' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_issuer_has_one_active_key(issuer):
    with pytest.raises(Refused, match="rotate"):
        add_key(issuer, public=keys.make())


def test_after_rotation_old_signatures_hold(issuer, issued):
    old = active_key(issuer)
    new = rotate_key(issuer, public=keys.make())

    document = did_document(issuer)
    assert [method["publicKeyMultibase"] for method in document["verificationMethod"]] == [new.public, old.public]
    assert document["assertionMethod"] == [new.method, old.method]
    assert verified_here(issued).state == State.OK


def test_a_compromised_key_is_believed_no_more(issuer, issued):
    end_key(active_key(issuer), compromised=True)
    report = verified_here(issued)

    assert did_document(issuer)["verificationMethod"] == []
    assert (report.proof.state, report.issuer.state) == (State.OK, State.FAIL)


@pytest.mark.parametrize(
    ("method", "did"),
    [
        (Method.WEB, "did:web:dure.example%3A8443:issuers:lab"),
        (Method.HOST, "did:web:dure.example%3A8443"),
        (Method.KEY, ""),
    ],
)
def test_issuers_are_called_by_their_method(method, did, settings, db):
    settings.BASE_URL = "https://dure.example:8443"

    assert become_issuer(make_organisation("lab"), method=method).did == did


def test_only_one_issuer_has_the_hosts_name(db):
    become_issuer(make_organisation("one"), method=Method.HOST)

    with pytest.raises(Refused, match="this host's name"):
        become_issuer(make_organisation("two"), method=Method.HOST)


def test_the_command_makes_rotates_and_ends_keys(university, capsys):
    assert main(["keys", "new", "--issuer", "hanbit"]) == 0
    first = SigningKey.objects.get()
    assert main(["keys", "new", "--issuer", "hanbit"]) == 3
    assert main(["keys", "rotate", "--issuer", "hanbit"]) == 0
    assert main(["keys", "retire", "--issuer", "hanbit", "--compromised"]) == 0
    assert main(["keys", "retire", "--issuer", "nobody"]) == 3
    assert main(["keys", "list"]) == 0

    states = dict(SigningKey.objects.values_list("public", "state"))
    assert states.pop(first.public) == KeyState.RETIRED
    assert list(states.values()) == [KeyState.COMPROMISED]
    assert not any(keys.is_here(key.public) for key in SigningKey.objects.all())
    assert Issuer.objects.get().did in capsys.readouterr().out


def test_what_is_on_the_disk_is_not_in_the_database(issuer, issued):
    private = keys.private(active_key(issuer).public).private_bytes_raw().hex()
    rows = json.dumps([list(SigningKey.objects.values_list()), issued.document], default=str)

    assert private not in rows
