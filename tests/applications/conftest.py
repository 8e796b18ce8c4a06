"""A form with a question of every type, and a draft of it."""

import pytest

from dure.applications.operations import keep_form, open_application
from dure.applications.questions import YES_NO, Choice, Question, Wanted
from dure.core.text import Text
from tests.factories import make_person


def both(word):
    return Text(ko=word, en=word)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def form(db):
    questions = [
        Question("motive", both("motive")),
        Question("gpa", both("gpa"), "number"),
        Question("start", both("start"), "date"),
        Question("ready", both("ready"), "yes-no", YES_NO),
        Question("skills", both("skills"), "words"),
        Question("track", both("track"), "choice", (Choice("ai", both("AI")), Choice("data", both("Data")))),
        Question("remark", both("remark"), required=False),
    ]
    return keep_form(questions, attachments=[Wanted("cv", both("CV")), Wanted("extra", both("extra"), required=False)])


@pytest.fixture
def person(db):
    return make_person()


@pytest.fixture
def draft(form, person):
    return open_application(form, by=person)
