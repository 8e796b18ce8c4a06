"""Questions of a round on pages."""

import pytest

from dure.challenges.models import Post, Thread
from dure.people.models import Notice
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talk(round_) -> str:
    return f"/rounds/{round_.pk}/talk/"


@pytest.fixture
def asked(world, talk) -> Thread:
    client_of(world.ada).post(f"{talk}ask/", {"title": "시간대?", "body": "서울인가요? https://example.org"})
    return Thread.objects.get()


def test_an_empty_page_leads_on_in_both_languages(world, talk) -> None:
    seen = [text_of(client_of(world.ada, language).get(talk)) for language in ("ko", "en")]

    assert "Nobody has asked anything yet" in seen[1]
    assert "Nobody has asked" not in seen[0]


def test_a_question_is_answered_and_both_are_told(world, desk, talk, asked) -> None:
    page = desk.post(f"/threads/{asked.pk}/", {"body": "네, 서울입니다."}, follow=True)

    seen = text_of(client_of(world.bo, "en").get(f"/threads/{asked.pk}/"))
    assert ("Organiser" in seen, "네, 서울입니다." in seen, page.status_code) == (True, True, 200)
    assert Notice.objects.filter(person=world.ada, path=f"/threads/{asked.pk}/").exists()
    assert "Answered" in text_of(client_of(world.bo, "en").get(talk))


def test_what_is_written_runs_nothing(world, desk, asked) -> None:
    desk.post(f"/threads/{asked.pk}/", {"body": "<script>alert(1)</script> javascript:alert(1)"})

    body = desk.get(f"/threads/{asked.pk}/").content.decode()

    assert ("<script>alert" in body, 'href="javascript' in body, 'rel="nofollow"' in body) == (False, False, True)


def test_strangers_find_nothing(world, talk, asked) -> None:
    stranger = client_of(world.stranger)
    answers = [stranger.get(talk), stranger.get(f"{talk}ask/"), stranger.get(f"/threads/{asked.pk}/"),
               stranger.post(f"/threads/{asked.pk}/", {"body": "x"}), client_of(None).get(talk)]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 302]


def test_only_organisers_announce_and_moderate(world, desk, talk, asked) -> None:
    ada = client_of(world.ada)
    paths = [f"/threads/{asked.pk}/{what}/" for what in ("pin", "lock", "hide", "show")]
    refused = [ada.post(path).status_code for path in paths]
    announced = ada.post(f"{talk}announce/", {"title": "a", "body": "b"}).status_code

    allowed = [desk.post(path, {"because": "x"}).status_code for path in paths]

    assert (set(refused), announced, set(allowed)) == ({403}, 403, {302})


def test_a_hidden_answer_is_gone_for_others(world, desk, asked) -> None:
    client_of(world.ada).post(f"/threads/{asked.pk}/", {"body": "비밀번호 1234"})
    post = Post.objects.get()

    desk.post(f"/threads/{asked.pk}/hide/", {"post": post.pk, "because": "개인정보"})

    seen = {name: "비밀번호" in text_of(client_of(who).get(f"/threads/{asked.pk}/"))
            for name, who in (("ada", world.ada), ("bo", world.bo), ("clerk", world.clerk))}  # fmt: skip
    assert seen == {"ada": True, "bo": False, "clerk": True}


def test_an_answer_of_another_thread_cannot_be_meant(world, desk, talk, asked) -> None:
    desk.post(f"{talk}announce/", {"title": "a", "body": "b"})
    other = Thread.objects.exclude(pk=asked.pk).get()
    desk.post(f"/threads/{other.pk}/", {"body": "c"})

    answer = desk.post(f"/threads/{asked.pk}/hide/", {"post": Post.objects.get().pk, "because": "x"})

    assert answer.status_code == 404


def test_following_is_chosen(world, asked) -> None:
    bo = client_of(world.bo)
    counts = []
    for on in ("yes", "no"):
        bo.post(f"/threads/{asked.pk}/follow/", {"on": on})
        counts.append(asked.follows.filter(person=world.bo).count())

    assert counts == [1, 0]


def test_search_finds_and_says_when_nothing_fits(world, talk, asked) -> None:
    client = client_of(world.bo, "en")

    assert "시간대?" in text_of(client.get(f"{talk}?q=서울"))
    assert "Nothing was written about that" in text_of(client.get(f"{talk}?q=zzz"))


def test_a_list_of_threads_asks_as_much_for_many_as_for_few(world, desk, talk, django_assert_max_num_queries) -> None:
    for number in range(15):
        desk.post(f"{talk}announce/", {"title": f"{number}", "body": "b"})
    client = client_of(world.bo)
    with django_assert_max_num_queries(20):
        client.get(talk)
