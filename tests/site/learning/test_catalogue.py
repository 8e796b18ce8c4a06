"""The catalogue's pages: what a visitor finds, what a curator does."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from joserfc.jwk import OKPKey

from dure.jobs.worker import drain
from dure.learning.models import Import, Item, Provider
from dure.learning.operations.imports import bring_in
from dure.learning.operations.providers import appoint_curator
from dure.learning.records import Words
from tests.factories import make_admin, make_organisation, make_person
from tests.learning.factories import make_item, make_provider, make_skill
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
FORM = {"kind": "module", "title_ko": "입문", "summary_ko": "첫째\n\n둘째", "skills": "sql=3"}


@pytest.fixture
def provider(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_provider("shelf", organisation=make_organisation("home"))


@pytest.fixture
def curator(provider):
    person = make_person()
    appoint_curator(provider, person=person)
    return client_of(person)


def test_a_visitor_finds_by_words_and_facets_and_shares_the_address(provider):
    make_item(provider, key="a", title="데이터베이스 입문", tags=(("level", "beginner"),))
    make_item(provider, key="b", title="로봇")

    page = client_of(None).get("/learn/?q=데이터&level=beginner")
    part = client_of(None).get("/learn/?q=로봇&kind=", headers={"HX-Request": "true"})

    assert "데이터베이스 입문" in text_of(page)
    assert "학습 항목 1개" in text_of(page)
    assert part["HX-Push-Url"] == "/learn/?q=%EB%A1%9C%EB%B4%87"
    assert "<html" not in part.content.decode()


def test_nothing_found_leads_on(provider):
    assert "모두 보기" in text_of(client_of(None).get("/learn/?q=없는말"))
    assert "제공 기관 관리" in text_of(client_of(None).get("/learn/"))


def test_an_item_without_korean_says_so(provider):
    item = make_item(provider, texts={"en": Words("Only English")})

    page = text_of(client_of(None).get(f"/learn/items/{item.pk}/"))

    assert "아직 한국어 설명이 없어 영어로 보여 드립니다." in page


def test_who_sees_a_providers_pages(provider, curator):
    item = make_item(provider)
    made = bring_in(provider, [b"{}"], by=make_person())
    pages = ["providers/shelf/", "providers/shelf/import/", "providers/shelf/settings/", "providers/shelf/items/new/",
             f"items/{item.pk}/edit/", f"items/{item.pk}/retire/", f"imports/{made.pk}/"]  # fmt: skip
    callers = {"curator": curator, "admin": client_of(make_admin(provider.organisation)),
               "stranger": client_of(make_person()), "nobody": client_of(None)}  # fmt: skip

    codes = {name: [client.get(f"/learn/{page}").status_code for page in pages] for name, client in callers.items()}

    assert codes == {
        "curator": [200, 200, 403, 200, 200, 200, 200],
        "admin": [200] * 7,
        "stranger": [404] * 7,
        "nobody": [302] * 7,
    }


def test_a_curator_checks_a_catalogue_and_brings_it_in(provider, curator):
    data = json.dumps({"modules": [{"uid": "a", "title": "가", "locale": "ko-kr"}]}).encode()

    sent = curator.post("/learn/providers/shelf/import/", {"file": SimpleUploadedFile("c.json", data)})
    drain()
    shown = text_of(curator.get(sent["Location"]))
    entered = curator.post(f"{sent['Location']}enter/")
    drain()

    assert "새 항목 1" in shown
    assert "아직 아무것도 바뀌지 않았습니다." in shown
    assert "카탈로그에 반영했습니다." in text_of(curator.get(entered["Location"]))
    assert curator.get(f"{entered['Location']}now/").status_code == 200
    assert Item.objects.get().key == "a"


def test_a_spreadsheet_with_flaws_names_each_row(provider, curator):
    table = SimpleUploadedFile("items.csv", "key,type,title_ko\na,module,가\nb,book,나\n".encode())

    sent = curator.post("/learn/providers/shelf/import/", {"file": table, "enter": "yes"})
    drain()

    page = text_of(curator.get(sent["Location"]))
    assert "1곳을 고쳐야 합니다." in page
    assert "book" in page
    assert not Item.objects.exists()


def test_without_a_file_or_a_connection_it_says_what_to_do(provider, curator):
    assert "올릴 파일을 고르세요." in text_of(curator.post("/learn/providers/shelf/import/"))
    refused = curator.post("/learn/providers/shelf/import/", {"platform": "yes"})
    assert (refused.status_code, Import.objects.count()) == (409, 0)


def test_a_curator_writes_edits_ties_skills_retires_and_reworks(provider, curator):
    make_skill("sql")

    made = curator.post("/learn/providers/shelf/items/new/", {**FORM, "key": "a"})
    item = Item.objects.get(key="a")
    curator.post(f"/learn/items/{item.pk}/edit/", {**FORM, "title_ko": "다시"})
    curator.post(f"/learn/items/{item.pk}/skills/", {"skills": "starter/sql=4"})
    curator.post(f"/learn/items/{item.pk}/rework/", {"into": "shelf", "key": "a2"})
    curator.post(f"/learn/items/{item.pk}/retire/")

    item.refresh_from_db()
    assert made["Location"] == f"/learn/items/{item.pk}/"
    assert (item.version, item.texts.get().title, item.texts.get().summary) == ("2", "다시", "<p>첫째</p><p>둘째</p>")
    assert (item.teaches.get().level, item.retired_at is not None) == (4, True)
    assert Item.objects.get(key="a2").origin == item


def test_a_form_shows_what_is_wrong(provider, curator):
    make_item(provider, key="a")

    taken = curator.post("/learn/providers/shelf/items/new/", {**FORM, "key": "a", "skills": ""})
    unknown = curator.post("/learn/providers/shelf/items/new/", {**FORM, "key": "b"})
    crooked = curator.post("/learn/providers/shelf/items/new/", {**FORM, "key": "b", "skills": "sql", "title_ko": ""})

    assert "같은 키의 항목이 있습니다" in text_of(taken)
    assert "없는 역량입니다: sql" in text_of(unknown)
    assert "‘코드=수준’으로 쓰세요: sql" in text_of(crooked)
    assert "한국어나 영어 제목을 쓰세요." in text_of(crooked)


def test_an_administrator_opens_describes_connects_and_appoints():
    home, person = make_organisation("home"), make_person("cura@example.org")
    client = client_of(make_admin(home))
    told = {"name_ko": "배움", "name_en": "Learning", "source": "platform"}

    client.post("/learn/providers/new/", {**told, "organisation": "home", "key": "shelf"})
    client.post("/learn/providers/shelf/settings/", {**told, "attribution_ko": "출처"})
    keys = [key.as_dict(private=private) for key in [OKPKey.generate_key()] for private in (True, False)]
    private, crooked, _ = (
        text_of(client.post("/learn/providers/shelf/settings/", {**told, "public_key": key}))
        for key in (json.dumps(keys[0]), "rsa", json.dumps(keys[1]))
    )
    connection = {"tenant": "t", "client_id": "c", "locales": "ko-kr"}
    wrong = client.post("/learn/providers/shelf/connection/", connection)
    client.post("/learn/providers/shelf/connection/", {**connection, "secret": "hidden-word"})
    client.post("/learn/providers/shelf/curators/", {"email": "CURA@example.org"})

    page = client.get("/learn/providers/shelf/settings/")
    assert "개인 키입니다." in private
    assert "공개 키가 아닙니다." in crooked
    assert json.loads(Provider.objects.get().public_key) == keys[1]
    assert "클라이언트 비밀 값을 입력하세요." in text_of(wrong)
    assert "hidden-word" not in page.content.decode()
    assert client_of(person).get("/learn/providers/shelf/").status_code == 200

    client.post(f"/learn/providers/shelf/curators/{person.pk}/end/")
    client.post("/learn/providers/shelf/connection/", {"forget": "yes"})
    assert client_of(person).get("/learn/providers/shelf/").status_code == 404
    assert client_of(make_person()).get("/learn/providers/").status_code == 200
