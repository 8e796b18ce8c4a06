"""An organisation's administrators find their own people and take them out; each person says what is shared."""

import pytest
from django.core.cache import cache

from dure.audit.models import AuditRow
from tests.factories import make_admin, make_member, make_organisation, make_person
from tests.learning.factories import make_cohort, make_enrolment
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db
PAGE = "/organisations/acme/learning/people/"


@pytest.fixture
def company():
    cache.clear()
    return make_organisation("acme")


def test_people_are_found_and_taken_out_as_a_file_which_the_log_tells(company):
    desk = client_of(make_admin(company), "en")
    cohort = make_cohort()
    for name in ("Ada", "Bo"):
        make_enrolment(cohort, person=make_person(name=name), organisation=company)

    page = text_of(desk.get(f"{PAGE}?state=learning&q=ada&cohort={cohort.pk}"))
    rows = b"".join(desk.get(f"{PAGE[:-1]}.csv?state=learning").streaming_content).decode("utf-8-sig").splitlines()

    assert "Ada" in page
    assert "1 person" in page
    assert [row.split(",")[0] for row in rows] == ["Name", "Ada", "Bo"]
    assert desk.get(f"{PAGE[:-1]}.xlsx").status_code == 200
    assert AuditRow.objects.filter(action="report.taken").count() == 2


def test_who_belongs_there_agrees_and_takes_it_back_and_nobody_else_is_asked(company):
    ada = make_member(company).person
    client = client_of(ada, "en")

    asked = text_of(client.get("/me/account/consents/"))
    client.post("/me/account/consents/employers/acme/give/")
    agreed = text_of(client.get("/me/account/consents/"))

    assert asked.count("The organisation may see what I am certified in") == 1
    assert "You may agree" not in agreed
    assert client_of(make_person()).post("/me/account/consents/employers/acme/give/").status_code == 404
