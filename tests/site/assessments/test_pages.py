"""Every page of tests is there for whoever may read it, in both languages, and asks the database little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_admin, make_organisation, make_person
from tests.site.assessments.world import exam_pages
from tests.site.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_there_within_twenty_queries(language):
    home = make_organisation()
    pages = exam_pages(home, runs=make_admin(home), sits=make_person(name="나래"))

    found = {}
    for path, person in pages.items():
        client = client_of(person, language)
        client.get(path)  # what is asked once a process is asked now
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found[path] = client.get(path).status_code, len(asked) <= 20

    assert found == dict.fromkeys(pages, (200, True))
