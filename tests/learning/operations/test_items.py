"""Items as curators write, rework and retire them."""

import pytest

from dure.core.errors import Flawed, Refused
from dure.learning.models import Item
from dure.learning.operations.items import adapt_item, edit_item, list_again, retire_item, teach, write_item
from dure.learning.queries.catalogue import Asked, counted, facets, job_roles, listed, roles_asking, shown
from dure.learning.records import Taught, Words
from dure.skills.models import JobRole, RoleSkill
from tests.factories import make_organisation, make_person
from tests.learning.factories import a_record, make_item, make_provider, make_skill

pytestmark = pytest.mark.django_db


def keys(**asked) -> list[str]:
    return list(listed(Asked(**asked)).values_list("key", flat=True))


def test_an_edited_item_is_its_next_version():
    item = make_item(key="a", title="처음")

    edit_item(item, a_record("a", title="다음"))

    item.refresh_from_db()
    assert (item.version, item.texts.get().title, keys(typed="다음"), keys(typed="처음")) == ("2", "다음", ["a"], [])


def test_an_imported_item_is_not_edited_but_adapted():
    item = make_item(key="a", title="원본", skills=(Taught("sql", 2),)) if make_skill("sql") else None
    Item.objects.filter(pk=item.pk).update(feed="ko-kr", version="2026-01-02")
    item.refresh_from_db()
    home, who = make_organisation("home"), make_person()

    with pytest.raises(Refused, match="adaptation"):
        edit_item(item, a_record("a"))
    made = adapt_item(item, into=make_provider("own", organisation=home), key="a-home", by=who, for_=home)

    assert (made.origin, made.adapter, made.adapter_for, made.version) == (item, who, home, "2026-01-02+1")
    assert (made.texts.get().title, made.teaches.get().level, item.retired_at) == ("원본", 2, None)
    edit_item(made, a_record("a-home", title="우리 것"))
    assert (made.version, item.texts.get().title) == ("2026-01-02+2", "원본")


def test_a_retired_item_is_off_the_list_until_it_is_listed_again():
    item = make_item(key="a")

    assert counted(Asked()) == 1
    retire_item(item)
    assert (keys(), counted(Asked())) == ([], 0)
    with pytest.raises(Refused):
        retire_item(item)

    list_again(item)
    assert (keys(), counted(Asked())) == (["a"], 1)


def test_a_key_is_given_once_a_provider():
    provider = make_provider()
    make_item(provider, key="a")
    make_item(make_provider(), key="a")
    with pytest.raises(Refused) as refused:
        write_item(provider, a_record("a"))
    assert refused.value.code == "item.taken"


def test_parts_and_prerequisites_name_items_of_the_provider():
    provider = make_provider()
    make_item(provider, key="a")
    path = make_item(provider, key="p", kind="path", parts=("a",))

    assert list(path.parts.values_list("part__key", flat=True)) == ["a"]
    with pytest.raises(Flawed, match="gone"):
        edit_item(path, a_record("p", kind="path", parts=("a", "gone")))


def test_facets_are_counted_beside_all_else_that_was_asked():
    provider = make_provider("x")
    make_item(provider, key="a", minutes=30, tags=(("level", "beginner"), ("role", "developer")))
    make_item(provider, key="b", minutes=300, tags=(("level", "beginner"),))
    make_item(make_provider("y"), key="c", kind="lab", minutes=30, tags=(("level", "advanced"),))

    found = facets(Asked(levels=("beginner",)))

    counted = {name: {value.key: value.count for value in values} for name, values in found.items()}
    assert counted == {
        "kinds": {"module": 2}, "levels": {"beginner": 2, "advanced": 1}, "roles": {"developer": 1},
        "products": {}, "subjects": {}, "skills": {}, "providers": {"x": 2}, "hours": {"1": 1, "20": 1},
    }  # fmt: skip
    assert keys(levels=("beginner",), hours=("1",)) == ["a"]
    assert sorted(
        keys(
            hours=(
                "1",
                "20",
            )
        )
    ) == ["a", "b", "c"]


def test_a_job_role_shows_what_teaches_for_it_and_why():
    sql, weaving = make_skill("sql"), make_skill("weaving")
    role = JobRole.objects.create(taxonomy=sql.taxonomy, code="de", name_ko="데이터 엔지니어", name_en="Data engineer")
    RoleSkill.objects.create(role=role, skill=sql, level=4, weight=5)
    item = make_item(key="a", skills=(Taught("sql", 3),))
    teach(make_item(key="b"), skills=[Taught("starter/weaving", 1)])

    only = listed(Asked(job=role.pk))

    assert list(only) == [item]
    assert counted(Asked(job=role.pk)) == 1
    [one] = shown([item.pk], language="ko", job=role.pk)
    assert [(ask.skill, ask.level) for ask in one.why] == [(sql, 4)]
    assert [one.role for one in roles_asking(item)] == [role]
    assert (list(job_roles()), weaving.taught_by.count()) == ([role], 1)


def test_an_unknown_skill_is_refused_by_name():
    with pytest.raises(Flawed) as refused:
        teach(make_item(), skills=[Taught("nothing", 1)])
    assert refused.value.facts["errors"][0]["text"]["en"] == "There is no such skill: nothing"


def test_a_title_stands_before_what_only_mentions_it():
    make_item(key="a", texts={"ko": Words("가나다", "<p>컨테이너를 씁니다</p>")})
    make_item(key="b", texts={"ko": Words("하루 만에 컨테이너")})
    assert keys(typed="컨테이너") == ["b", "a"]
