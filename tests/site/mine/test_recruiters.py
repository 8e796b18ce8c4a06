"""Who looked at me and what they wrote: for oneself, linked from where one looks for it."""

import pytest

from dure.people.operations import give_consent
from dure.programmes.operations.recruiting import approach, look
from dure.programmes.queries.recruiting import recruits_of
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]


def test_a_person_reads_who_looked_and_what_they_wrote(world) -> None:
    world.admitted()
    give_consent(world.ada, purpose="recruiters", scope=world.programme.slug)
    [recruiter] = recruits_of(world.judge)
    look(recruiter, world.ada.pk)
    made = approach(recruiter, world.ada.pk, text="함께 일하고 싶습니다.")
    client = client_of(world.ada)

    page, mine = client.get("/me/recruiters/"), client.get("/me/")

    assert "한빛전자 · 이심사" in text_of(page)
    for response in (page, mine):
        assert f'href="/approaches/{made.pk}/"' in response.content.decode()


def test_with_nothing_to_read_the_page_leads_on(world) -> None:
    client = client_of(world.bo)
    assert 'href="/me/account/consents/"' in client.get("/me/recruiters/").content.decode()
    for path in ("/me/", "/me/account/consents/"):
        assert 'href="/me/recruiters/"' in client.get(path).content.decode()
