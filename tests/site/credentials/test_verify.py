"""Anybody verifies: by the link, by what was pasted or sent, ours and other people's; nothing is shown without it."""

import io
import json
import re
import zlib
from datetime import UTC, datetime

import pytest
import requests
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openbadgeslib.baking import ITXT_KEYWORD_OB3, extract_png
from PIL import Image

from dure.core import clock
from dure.core.findings import State
from dure.credentials import dids, keys
from dure.credentials.dids import did_document
from dure.credentials.models import Credential, Method
from dure.credentials.operations import end_key, revoke, show
from dure.credentials.queries import active_key
from dure.credentials.verifying import verified
from dure.site import pdf
from tests.credentials.mutations import changed, mutations
from tests.learning.factories import make_skill
from tests.site.conftest import client_of, text_of

STREAM = re.compile(rb"FlateDecode.*?stream\n(.*?)\nendstream", re.DOTALL)
NAMES = ("proof", "issuer", "schema", "dates", "status")


def states(report):
    return {finding.name: finding.state for finding in report.findings}


def sent(name, data):
    return {"file": SimpleUploadedFile(name, data)}


def test_the_link_shows_the_certificate_and_five_answers(issued):
    page = client_of(None).get(f"/verify/{issued.share}/")

    text = text_of(page)
    assert states(page.context["report"]) == dict.fromkeys(NAMES, State.OK)
    assert all(word in text for word in ("김하나", "제조 AI 리더", "한빛대학교", "진본이며 유효합니다."))
    assert page["X-Robots-Tag"] == "noindex"


def test_who_verifies_too_often_is_told_when_to_come_again(issued, settings):
    cache.clear()
    settings.VERIFICATIONS_A_MINUTE, settings.STATUS_LISTS_A_MINUTE, settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2, 1, 1
    listed = json.loads(issued.document)["credentialStatus"][0]["statusListCredential"].partition("example")[2]
    one, other = ({"X-Forwarded-For": address} for address in ("198.51.100.1", "2001:db8::1"))
    client, page = client_of(None, "en"), f"/verify/{issued.share}/"

    with clock.at(datetime(2030, 1, 1, 12, 0, 40, tzinfo=UTC)):
        answers = [client.get(page, headers=one) for _ in range(3)]
        api = client.post("/api/v1/verifications", {"token": "x"}, content_type="application/json", headers=one)
        lists = [client.get(listed, headers=one).status_code for _ in range(2)]
        elsewhere = client.get(page, headers=other).status_code
    with clock.at(datetime(2030, 1, 1, 12, 1, tzinfo=UTC)):
        later = client.get(page, headers=one).status_code

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "20"
    assert "Come again in 20 seconds" in text_of(answers[-1])
    assert (api.status_code, api["Retry-After"], api.json()["code"]) == (429, "20", "request.too-often")
    assert (lists, elsewhere, later) == ([200, 429], 200, 200)


def test_without_its_link_it_is_not_there_unless_its_holder_made_it_public(issued):
    client = client_of(None)
    assert client.get(f"/verify/{issued.pk}/").status_code == 404

    show(issued, public=True)
    assert client.get(f"/verify/{issued.pk}/").status_code == 200


def test_the_page_says_which_skills_it_shows(issued):
    issued.version.alignments.create(skill=make_skill("nlp", name_ko="자연어 처리"), level=3)

    assert "자연어 처리 3/5" in text_of(client_of(None).get(f"/verify/{issued.share}/"))


def test_what_was_revoked_says_so_in_words(issued, registrar):
    revoke(issued, reason="표절", by=registrar)

    text = text_of(client_of(None, "en").get(f"/verify/{issued.share}/"))

    assert "Not valid." in text
    assert "The issuer has revoked it." in text
    assert "표절" not in text


@pytest.mark.parametrize("name", ["credential.json", "credential.jwt", "badge.png", "badge.svg"])
def test_every_file_is_verified_again_when_it_is_sent_back(issued, name):
    client = client_of(None, "en")
    file = client.get(f"/verify/{issued.share}/{name}")

    page = client.post("/verify/", sent(name, file.content))

    assert states(page.context["report"]) == dict.fromkeys(NAMES, State.OK)
    assert page.context["report"].ours == issued
    assert "Genuine and valid." in text_of(page)


def test_nothing_that_was_changed_is_said_to_be_genuine(issued):
    document = json.loads(issued.document)

    wrong = [place for place, other in mutations(document) if verified(json.dumps(other).encode()).state == State.OK]

    assert wrong == []


def test_of_what_was_changed_nothing_else_is_vouched_for(issued):
    document = changed(json.loads(issued.document), ("name",))

    told = states(verified(json.dumps(document).encode()))

    assert (told["proof"], told["issuer"], told["status"]) == (State.FAIL, State.WARN, State.WARN)


def test_what_was_added_without_being_signed_is_noticed(issued):
    document = json.loads(issued.document) | {"grade": "A+"}

    assert states(verified(json.dumps(document).encode()))["proof"] == State.FAIL


def test_a_document_that_claims_our_number_shows_nothing_of_ours(issued):
    document = changed(json.loads(issued.document), ("credentialSubject", "identifier", 1, "identityHash"))

    assert verified(json.dumps(document).encode()).ours is None


def test_a_key_that_was_compromised_is_believed_no_more(issued, issuer):
    end_key(active_key(issuer), compromised=True)

    assert states(verified(issued.document.encode()))["issuer"] == State.FAIL


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a file"),
        (b"hello", "cannot be read"),
        (b'{"a": 1}', "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"proof": ' + b"[" * 100_000, "cannot be read"),
        (b"\x89PNG\r\n\x1a\nbroken", "cannot be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "carries no credential"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>', "cannot be read"),
        (b"{" + b" " * 300_000 + b"}", "256 KiB"),
        (b"x" * 2_200_000, "2 MiB"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(db, data, sentence):
    answer = client_of(None, "en").post("/verify/", sent("x", data) if data else {})

    assert sentence in text_of(answer)


def test_other_peoples_credentials_are_verified_through_the_one_way_out(issued, issuer, monkeypatch):
    """What was issued here is somebody else's, once our rows are gone: its host is asked, and nobody else."""
    documents = {
        "https://dure.example/issuers/hanbit/did.json": json.dumps(did_document(issuer)),
        **{
            entry["statusListCredential"]: getattr(issued.status_list, entry["statusPurpose"])
            for entry in json.loads(issued.document)["credentialStatus"]
        },
    }
    issued.status_list.refresh_from_db()
    documents |= {
        entry["statusListCredential"]: getattr(issued.status_list, entry["statusPurpose"])
        for entry in json.loads(issued.document)["credentialStatus"]
    }
    asked = []

    def fetched(url):
        asked.append(url)
        if url not in documents:
            raise requests.ConnectionError(url)
        return documents[url].encode()

    monkeypatch.setattr(dids, "fetched", fetched)
    monkeypatch.setattr("dure.credentials.verifying.fetched", fetched)
    document = issued.document
    Credential.objects.all().delete()
    issuer.keys.all().delete()

    assert states(verified(document.encode())) == dict.fromkeys(NAMES, State.OK)
    assert set(asked) == set(documents)

    documents.popitem()
    assert states(verified(document.encode()))["status"] == State.WARN
    documents.clear()
    unreachable = states(verified(document.encode()))
    assert (unreachable["proof"], unreachable["issuer"]) == (State.FAIL, State.FAIL)


def test_a_page_of_our_own_network_is_never_asked(db):
    document = {
        "issuer": "did:web:127.0.0.1", "proof": {"verificationMethod": "did:web:127.0.0.1#a"},
    }  # fmt: skip
    assert states(verified(json.dumps(document).encode()))["proof"] == State.FAIL


def test_the_picture_is_a_picture_and_carries_the_document(issued):
    data = client_of(None).get(f"/verify/{issued.share}/badge.png").content

    assert Image.open(io.BytesIO(data)).size == (600, 600)
    assert extract_png(data, keyword=ITXT_KEYWORD_OB3) == issued.document


@pytest.mark.skipif(not pdf.here(), reason="WeasyPrint's system libraries are not installed")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_certificate_is_one_page_with_the_credential_attached(issued, language):
    answer = client_of(None).get(f"/verify/{issued.share}/certificate.pdf?in={language}")

    streams = [zlib.decompress(found) for found in STREAM.findall(answer.content)]
    assert answer["Content-Type"] == "application/pdf"
    assert issued.document.encode() in streams
    assert sum(len(re.findall(rb"/Type /Page\b", stream)) for stream in streams) == 1


def test_without_its_libraries_the_page_offers_printing(issued, monkeypatch):
    monkeypatch.setattr(pdf, "here", lambda: False)
    client = client_of(None, "en")

    page = text_of(client.get(f"/verify/{issued.share}/"))
    instead = client.get(f"/verify/{issued.share}/certificate.pdf")

    assert "This installation makes no PDF." in page
    assert instead.status_code == 200
    assert "Print it from your browser" in text_of(instead)


def test_programs_read_keys_lists_and_pictures(issued, issuer):
    client = client_of(None)
    did = client.get("/issuers/hanbit/did.json")
    entry = json.loads(issued.document)["credentialStatus"][0]["statusListCredential"]
    listed = client.get(entry.removeprefix("https://dure.example"))
    picture = client.get(f"/achievements/{issued.version_id}/image.png")

    assert did.json()["id"] == issuer.did
    assert listed.json()["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert {answer["Access-Control-Allow-Origin"] for answer in (did, listed, picture)} == {"*"}
    assert client.get("/.well-known/did.json").status_code == 404
    issuer.method = Method.HOST
    issuer.save()
    assert client.get("/.well-known/did.json").status_code == 200
    assert client.get("/issuers/hanbit/did.json").status_code == 404


def test_the_page_asks_the_database_little(issued):
    client = client_of(None)
    client.get(f"/verify/{issued.share}/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"/verify/{issued.share}/")

    assert len(asked) <= 20


def test_private_keys_are_not_read_by_any_page(issued, monkeypatch):
    def refuse(_public):
        raise AssertionError("a page opened a private key")

    monkeypatch.setattr(keys, "private", refuse)
    client = client_of(None)

    for name in ("", "credential.json", "badge.svg", "certificate/"):
        assert client.get(f"/verify/{issued.share}/{name}").status_code == 200
