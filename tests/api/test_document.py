"""The API keeps its own document's promises, whatever is sent: fuzzed as an operator, at things that are there."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from dure.api.shapes import In, Out
from dure.api.v1 import api
from dure.wsgi import application
from tests.api.stories import Story

pytestmark = pytest.mark.django_db
OFTEN = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests stay inside the test's transaction, as those of Django's own client do."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.mark.filterwarnings("default")  # those of the fuzzer's own libraries
def test_nothing_that_is_sent_breaks_the_server():
    story = Story.opened()
    turn = story.hand_in(story.ada, 70)
    there = {"slug": story.slug, "stage": "task", "step": 0, "turn_id": turn["id"], "short": "host", "key": "host"}
    headers = {"Authorization": f"Bearer {story.root.secret}"}

    with one_connection():
        document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        for found in document.get_all_operations():
            _fuzz(found.ok(), there, headers)


def _fuzz(operation, there: dict[str, object], headers: dict[str, str]) -> None:
    @OFTEN
    @given(case=operation.as_strategy())
    def ask(case) -> None:
        case.path_parameters.update({name: there[name] for name in case.path_parameters if name in there})
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)  # every request meets the same programme
        case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

    ask()


def test_every_body_has_a_name_of_its_own():
    """Of two classes of one name the document would show one alone."""
    bodies = [body for body in _all_below(Out) | _all_below(In) if body.__module__.startswith("dure.api")]

    twice = {body.__name__ for body in bodies if sum(other.__name__ == body.__name__ for other in bodies) > 1}

    assert twice == set()


def _all_below(kind: type) -> set[type]:
    return {kind}.union(*(_all_below(below) for below in kind.__subclasses__()))


def test_the_document_is_written_once_however_often_it_is_asked_for():
    assert api.get_openapi_schema() is api.get_openapi_schema()
