"""Pages of text at the desk and beside the programme: written, looked at, shown, hidden, and brought back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.joints.stages.rounds import set_up_task
from dure.programmes.models import ProgrammePage
from dure.programmes.operations.pages import Said, write_page
from dure.programmes.queries.pages import page_of, titles_of
from tests.challenges.conftest import ACCURACY, labels
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
DESK, PUBLIC = "/desk/field-ai-2026/pages/", "/programmes/field-ai-2026/pages/"
DATA = {"name": "data", "title_en": "Data", "text_en": "# Files\n\nTen **thousand** rows.", "format": "markdown",
        "is_shown": "on"}  # fmt: skip


def _written(world, name="data", **said) -> ProgrammePage:
    known = {"title_ko": "데이터", "title_en": "Data", "text_en": "English text"}
    return write_page(world.programme, name=name, said=Said(**{**known, **said}), by=world.clerk).page


def test_a_page_is_written_at_the_desk_and_read_by_anybody(world) -> None:
    assert client_of(world.clerk).post(f"{DESK}new/", DATA).status_code == 302

    page = client_of(None, "en").get(f"{PUBLIC}data/")

    assert "<h2>Files</h2>" in page.content.decode()
    assert "<strong>thousand</strong>" in page.content.decode()
    assert f'href="{PUBLIC}data/"' in client_of(None).get("/programmes/field-ai-2026/").content.decode()


def test_who_reads_the_other_language_is_told(world) -> None:
    _written(world)

    korean, english = (text_of(client_of(None, language).get(f"{PUBLIC}data/")) for language in ("ko", "en"))

    assert "이 페이지에는 한국어 글이 없습니다." in korean
    assert "데이터" in korean
    assert "not written" not in english


def test_what_is_wrong_is_told_at_its_field(world) -> None:
    client = client_of(world.clerk)

    page = client.post(f"{DESK}new/", {**DATA, "name": "데이터", "text_en": ""})
    empty = client.post(f"{DESK}new/", {**DATA, "title_en": "", "text_en": " "})
    _written(world)
    twice = client.post(f"{DESK}new/", DATA)

    assert set(page.context["form"].errors) == {"name"}
    assert set(empty.context["form"].errors) == {"title_en", "text_en"}
    assert "이미 있습니다" in text_of(twice)
    assert set(twice.context["form"].errors) == {"name"}
    assert "Ten **thousand** rows." in twice.content.decode()


def test_a_preview_shows_it_cleaned_and_keeps_nothing(world) -> None:
    text = "<script>alert(1)</script>![a](files/none.png) ![b](https://a.example/x.png) <b onclick=x>ok</b>"

    whole = client_of(world.clerk).post(f"{DESK}new/", {**DATA, "text_en": text, "look": "yes"})
    part = client_of(world.clerk).post(f"{DESK}new/", {**DATA, "text_en": text, "look": "yes"}, HTTP_HX_REQUEST="true")

    for body in (whole.content.decode(), part.content.decode()):
        assert "<b>ok</b>" in body
        assert "alert(1)" not in body.split("written")[-1]
        assert "files/none.png" in body
        assert "https://a.example/x.png" in body
    assert "<html" not in part.content.decode()
    assert not titles_of(world.programme, everything=True)


def test_of_two_who_change_it_the_second_is_told_and_keeps_the_text(world) -> None:
    page, client = _written(world), client_of(world.clerk)
    form = {"title_en": "Data", "format": "markdown", "is_shown": "on", "after": "1"}
    client.post(f"{DESK}{page.pk}/", {**form, "text_en": "the first"})

    told = client.post(f"{DESK}{page.pk}/", {**form, "text_en": "the second"})
    assert "그 사이" in text_of(told)
    assert "the second" in told.content.decode()
    assert told.context["form"]["after"].value() == "2"

    again = client.post(f"{DESK}{page.pk}/", {**form, "text_en": "the second", "after": "2"})
    assert (again.status_code, page_of(world.programme, "data").text_en) == (302, "the second")


def test_what_it_once_said_comes_back(world) -> None:
    page, client = _written(world), client_of(world.clerk)
    client.post(f"{DESK}{page.pk}/", {"title_en": "Data", "text_en": "new", "format": "markdown", "after": "1"})
    assert "English text" in text_of(client.get(f"{DESK}{page.pk}/past/?number=1"))

    client.post(f"{DESK}{page.pk}/act/", {"back": "1"})

    said = page_of(world.programme, "data")
    assert (said.text_en, said.number, said.page.is_shown) == ("English text", 3, False)
    assert client.get(f"{DESK}{page.pk}/past/?number=9").status_code == 404
    assert client.post(f"{DESK}{page.pk}/act/", {"back": "9"}).status_code == 404


def test_what_is_hidden_or_removed_is_read_by_those_who_run_it_only(world) -> None:
    page, client = _written(world, title_ko="자료실"), client_of(world.clerk)

    client.post(f"{DESK}{page.pk}/act/", {"show": "no"})
    assert (client_of(None).get(f"{PUBLIC}data/").status_code, client.get(f"{PUBLIC}data/").status_code) == (404, 200)
    assert "자료실" not in text_of(client_of(None).get("/programmes/field-ai-2026/"))

    client.post(f"{DESK}{page.pk}/act/", {"show": "yes"})
    client.post(f"{DESK}{page.pk}/act/", {"remove": "yes"})
    assert client.get(f"{PUBLIC}data/").status_code == 404
    assert "되살리기" in text_of(client.get(DESK))

    client.post(f"{DESK}{page.pk}/act/", {"restore": "yes"})
    assert client_of(None).get(f"{PUBLIC}data/").status_code == 200


def test_pages_move_up_and_down(world) -> None:
    pages = [_written(world, name) for name in ("overview", "data", "terms")]

    client_of(world.clerk).post(f"{DESK}{pages[2].pk}/act/", {"move": "up"})
    client_of(world.clerk).post(f"{DESK}{pages[0].pk}/act/", {"move": "up"})

    assert [one.page.name for one in titles_of(world.programme, everything=True)] == ["overview", "terms", "data"]


def test_a_picture_is_shown_in_a_page_and_a_page_of_html_is_a_download(world) -> None:
    client = client_of(world.clerk)
    for name, content in (("figure.png", b"\x89PNG"), ("evil.html", b"<script>1</script>")):
        client.post(f"{DESK}files/", {"file": SimpleUploadedFile(name, content)})
    _written(world, text_en="![A figure](files/figure.png)")

    page = client_of(None, "en").get(f"{PUBLIC}data/").content.decode()
    picture = client_of(None).get("/programmes/field-ai-2026/files/figure.png")
    evil = client_of(None).get("/programmes/field-ai-2026/files/evil.html", headers={"Range": "bytes=0-"})

    assert '<img src="/programmes/field-ai-2026/files/figure.png" alt="A figure">' in page
    assert (picture["Content-Type"], b"".join(picture)) == ("image/png", b"\x89PNG")
    assert evil["Content-Type"] == "application/octet-stream"
    file = world.programme.page_files.get(name="figure.png")
    client.post(f"{DESK}files/", {"detach": str(file.pk)})
    assert client_of(None).get("/programmes/field-ai-2026/files/figure.png").status_code == 404


def test_who_enters_is_led_to_the_terms(world) -> None:
    assert "약관을 읽으세요" not in text_of(client_of(world.ada).get("/programmes/field-ai-2026/apply/apply/"))
    _written(world, "terms", title_ko="약관", text_ko="공정하게 겨룹니다.")

    page = client_of(world.ada).get("/programmes/field-ai-2026/apply/apply/")

    assert "약관을 읽으세요" in text_of(page)
    assert f'href="{PUBLIC}terms/"' in page.content.decode()


def test_boards_and_rounds_lead_to_the_pages(world) -> None:
    task = set_up_task(world.programme, "task", "speech", by=world.operator, labels=labels(), measure=ACCURACY)
    world.competing()
    board = client_of(None, "en").get(f"/tasks/{task.pk}/")
    assert "Pages of the programme" not in board.content.decode()
    _written(world)

    board = client_of(None, "en").get(f"/tasks/{task.pk}/")
    own = client_of(world.bo).get(f"/turns/{world.turn(world.bo, 'task').pk}/round/")

    assert f'href="{PUBLIC}data/"' in board.content.decode()
    assert f'href="{PUBLIC}data/"' in own.content.decode()


def test_nobody_else_comes_to_the_desk_of_pages(world) -> None:
    page = _written(world)

    for way in (DESK, f"{DESK}new/", f"{DESK}{page.pk}/", f"{DESK}{page.pk}/past/"):
        assert client_of(world.ada).get(way).status_code == 403
    assert client_of(world.ada).post(f"{DESK}{page.pk}/act/", {"remove": "yes"}).status_code == 403
    assert client_of(world.ada).post(f"{DESK}files/", {}).status_code == 403
