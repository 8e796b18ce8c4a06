"""An issuer with a key, what it awards, and people who deserve it."""

import pytest

from dure.core.text import Text
from dure.credentials import keys
from dure.credentials.models import Kind, Method
from dure.credentials.operations import Content, add_key, become_issuer, define, issue
from dure.jobs.registry import every_task
from dure.jobs.worker import drain
from tests.factories import make_admin, make_organisation, make_person

CONTENT = Content(
    name=Text(ko="제조 AI 리더", en="Manufacturing AI leader"),
    description=Text(ko="현장의 문제를 AI로 풀 수 있습니다.", en="Solves problems of the shop floor with AI."),
    criteria=Text(ko="이론과 현장 과제를 모두 통과합니다.", en="Passes theory and a problem of the own workplace."),
    level="고급",
    valid_months=24,
)


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    """Keys and files of a test are its own."""
    settings.KEYS = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.BASE_URL = "https://dure.example"
    keys.private.cache_clear()


@pytest.fixture
def university(db):
    return make_organisation("hanbit", name_ko="한빛대학교", name_en="Hanbit University", kind="university")


@pytest.fixture
def issuer(university):
    made = become_issuer(university, method=Method.WEB)
    add_key(made, public=keys.make())
    return made


@pytest.fixture
def registrar(university):
    """Who looks after the issuer."""
    return make_admin(university)


@pytest.fixture
def achievement(issuer, registrar):
    return define(issuer, code="ai-leader", kind=Kind.TITLE, content=CONTENT, by=registrar)


@pytest.fixture
def learner(db):
    return make_person(name="김하나", email="hana@example.org")


@pytest.fixture
def issued(achievement, learner, registrar):
    """A credential as it leaves the signing worker."""
    made = issue(achievement, to=learner, ground="test", by=registrar)
    work_off()
    made.refresh_from_db()
    return made


def work_off() -> None:
    """Everything that waits for a worker."""
    drain([name for name in every_task() if name.startswith("credentials.")])
