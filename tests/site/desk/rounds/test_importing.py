"""Bundles taken in by page: tried by workers, shown with their defects, tried elsewhere, made once."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.jobs.worker import drain
from dure.joints.models import SentBundle
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db(transaction=True)]
COMPETITION = """
version: 2
title: Cats
image: logo.png
terms: terms.md
docker_image: {image}
tasks:
  - index: 0
    name: Cats
    scoring_program: program
    reference_data: reference
phases:
  - index: 0
    name: Only
    start: 1-1-2026
    tasks: [0]
leaderboards:
  - title: Results
    key: main
    columns:
      - {{title: Score, key: score, index: 0, sorting: desc}}
"""


def bundle(image: str = "python:3.11") -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in {
            "competition.yaml": COMPETITION.format(image=image), "logo.png": "x", "terms.md": "Be fair.",
            "program/metadata.yaml": "command: python3 $program/score.py", "program/score.py": "print(1)",
            "reference/labels.csv": "id,label\n1,a\n",
        }.items():  # fmt: skip
            packed.writestr(name, text)
    return SimpleUploadedFile("cats.zip", out.getvalue())


@pytest.fixture
def sent(world):
    """(the operator's browser, the page of a bundle that was tried)"""
    client = client_of(world.operator, "en")
    page = client.post("/rounds/import/", {"bundle": bundle(), "host": str(world.host.pk)})["Location"]
    drain()
    return client, page


def test_what_its_image_lacks_is_named_and_nothing_is_made(sent) -> None:
    client, page = sent

    seen = text_of(client.get(page))

    assert ("No environment here stands for the image python:3.11" in seen, SentBundle.objects.get().state) == (
        True, "tried",
    )  # fmt: skip
    assert client.post(f"{page}make/").status_code == 409
    assert Programme.objects.count() == 1


def test_in_another_environment_it_is_tried_again_and_made(sent, world) -> None:
    client, page = sent
    client.post(f"{page}again/", {"environment": "standard"})
    drain()
    tried = text_of(client.get(page))
    client.post(f"{page}make/")
    drain()

    made = SentBundle.objects.get()
    assert ("Nothing stops it" in tried, made.state, made.programme.state) == (True, "made", "draft")
    assert "To its desk" in text_of(client.get(page))


@pytest.mark.parametrize("case", ["person", "team"])
def test_persons_or_teams_compete_as_its_organiser_says(sent, case) -> None:
    client, page = sent
    client.post(f"{page}again/", {"environment": "standard"})
    drain()
    client.post(f"{page}make/", {"case": case})
    drain()

    assert blueprint_of(SentBundle.objects.get().programme).subject == case


def test_it_is_watched_until_it_is_tried(world) -> None:
    client = client_of(world.operator, "en")
    page = client.post("/rounds/import/", {"bundle": bundle(), "host": str(world.host.pk)})["Location"]
    first = client.get(f"{page}now/")

    same = client.get(f"{page}now/", headers={"If-None-Match": first["ETag"]})
    drain()
    after = client.get(f"{page}now/", headers={"If-None-Match": first["ETag"]})

    assert [first.status_code, same.status_code, after.status_code] == [200, 304, 200]
    assert ["hx-trigger" in one.content.decode() for one in (first, after)] == [True, False]


def test_what_is_no_bundle_says_so(world) -> None:
    client = client_of(world.operator, "en")
    page = client.post("/rounds/import/", {"bundle": SimpleUploadedFile("a.zip", b"nonsense")})["Location"]
    drain()

    assert SentBundle.objects.get().stops
    assert "What was found" in text_of(client.get(page))


def test_somebody_elses_bundle_is_not_there(sent, world) -> None:
    assert [client_of(who).get(sent[1]).status_code for who in (world.ada, world.clerk)] == [403, 403]


def test_environments_are_the_operators_and_images_are_given_to_them(world) -> None:
    client = client_of(world.operator, "en")
    client.post("/operator/environments/images/", {"pattern": "python:*", "environment": "standard"})

    seen = text_of(client.get("/operator/environments/"))

    assert ("python:*" in seen, "standard" in seen) == (True, True)
    assert client_of(world.clerk).get("/operator/environments/").status_code == 404


def test_a_lock_without_hashes_is_refused(world) -> None:
    page = client_of(world.operator, "en").post("/operator/environments/", {"name": "old", "requirements": "numpy==1"})

    assert (page.status_code, "hash" in text_of(page)) == (422, True)
