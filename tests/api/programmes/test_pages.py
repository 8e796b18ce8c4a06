"""Pages through the API: anybody reads what is shown, those who run the programme write, and no text is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.stories import Story

pytestmark = pytest.mark.django_db
DATA = {"name": "data", "title_en": "Data", "text_en": "Ten thousand rows."}


@pytest.fixture
def story() -> Story:
    return Story.opened()


def test_a_page_is_written_and_read_without_an_account(story, client) -> None:
    made = story.clerk.post(f"{story.at}/pages", DATA, 201)

    seen = client.get(f"/api/v1{story.at}/pages").json()

    assert seen == [made]
    assert (made["revision"], made["text_en"], made["is_shown"]) == (1, "Ten thousand rows.", True)
    assert story.clerk.post(f"{story.at}/pages", DATA, 409)["code"] == "page.taken"
    wrong = story.clerk.post(f"{story.at}/pages", {"name": "x", "title_en": "X"}, 422)
    assert wrong["facts"]["errors"][0]["field"] == "text_en"


def test_of_two_who_write_the_second_is_told_the_revision(story) -> None:
    made = story.clerk.post(f"{story.at}/pages", DATA, 201)
    way, said = f"/pages/{made['id']}", {"title_en": "Data", "text_en": "first"}
    assert story.clerk.put(way, {**said, "after": 1})["revision"] == 2

    told = story.clerk.put(way, {**said, "text_en": "second", "after": 1}, 409)

    assert (told["code"], told["facts"]["revision"]) == ("page.changed", 2)
    numbers = [row["number"] for row in story.clerk.get(f"{way}/revisions")["items"]]
    assert sorted(numbers) == [1, 2]


def test_what_is_hidden_or_removed_is_not_told(story, client) -> None:
    made = story.clerk.post(f"{story.at}/pages", {**DATA, "is_shown": False}, 201)
    assert client.get(f"/api/v1{story.at}/pages").json() == []
    assert story.clerk.get(f"{story.at}/pages") == [made]

    story.clerk.delete(f"/pages/{made['id']}")
    assert story.clerk.get(f"{story.at}/pages") == []
    back = story.clerk.post(f"/pages/{made['id']}/restore")
    assert back == made
    story.clerk.put(
        f"/pages/{made['id']}", {"title_en": "Data", "text_en": DATA["text_en"], "after": 1, "is_shown": True}
    )
    assert [page["name"] for page in client.get(f"/api/v1{story.at}/pages").json()] == ["data"]


def test_pages_stand_in_the_order_that_was_put(story) -> None:
    for name in ("overview", "data"):
        story.clerk.post(f"{story.at}/pages", {**DATA, "name": name}, 201)

    story.clerk.put(f"{story.at}/pages", {"pages": ["data", "overview"]})

    assert [page["name"] for page in story.clerk.get(f"{story.at}/pages")] == ["data", "overview"]
    assert story.clerk.put(f"{story.at}/pages", {"pages": ["data"]}, 409)["code"] == "page.order"


def test_others_write_nothing(story) -> None:
    made = story.clerk.post(f"{story.at}/pages", DATA, 201)
    way, said = f"/pages/{made['id']}", {"title_en": "Data", "text_en": "mine", "after": 1}

    assert story.ada.post(f"{story.at}/pages", DATA, 403)
    assert story.ada.put(way, said, 404)
    assert story.ada.delete(way, 404)
    assert story.ada.get(f"{way}/revisions", 404)
    assert story.clerk.get(f"{story.at}/pages") == [made]


def test_a_file_is_added_opened_and_taken_away(story, client, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    given = {"Authorization": f"Bearer {story.clerk.secret}"}
    sent = {"file": SimpleUploadedFile("figure.png", b"\x89PNG")}
    made = story.clerk.client.post(f"/api/v1{story.at}/files", sent, headers=given).json()

    assert (made["name"], made["size"]) == ("figure.png", 4)
    assert b"".join(client.get(made["address"])) == b"\x89PNG"
    assert client.get(f"/api/v1{story.at}/files").json() == [made]
    assert story.ada.delete(f"/page-files/{made['id']}", 403)
    story.clerk.delete(f"/page-files/{made['id']}")
    assert client.get(f"/api/v1{story.at}/files").json() == []
