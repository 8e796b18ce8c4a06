"""A round of the world's programme with two who take part."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.challenges.models import Round, Task
from dure.jobs.worker import drain
from tests.site.conftest import client_of

TRUTH = "id,label\n" + "".join(f"{n},{n % 2}\n" for n in range(40))
STAGE = "/desk/field-ai-2026/stages/task/"


def file_of(text: str, name: str = "predictions.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def desk(world) -> Client:
    """The clerk's browser, in English; the tasks are set up and both compete, each in one of them."""
    for option in ("vision", "speech"):
        sent = {"option": option, "metric": "accuracy", "labels": file_of(TRUTH), "id_column": "id",
                "label_columns": "label", "share": "30"}  # fmt: skip
        assert client_of(world.clerk).post(f"{STAGE}tasks/", sent).status_code == 302
    world.competing()
    return client_of(world.clerk, "en")


@pytest.fixture
def round_(desk) -> Round:
    return Task.objects.get(option="vision").round


def hand_in(world, person, text: str = TRUTH, name: str = "predictions.csv") -> None:
    address = f"/turns/{world.turn(person, 'task').pk}/round/"
    assert client_of(person).post(address, {"file": file_of(text, name)}).status_code == 302
    drain()
