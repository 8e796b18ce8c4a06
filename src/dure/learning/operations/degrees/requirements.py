"""A degree is founded and its requirement written, version by version; who looks after it."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from dure.audit.operations import record
from dure.core.errors import Refused
from dure.core.text import Text
from dure.learning.models import Degree, DegreeDuty, DegreeSeat, DegreeVersion
from dure.learning.requirements import read_requirement
from dure.people.models import Organisation, Person

RESERVED = frozenset({"new", "candidates", "credits"})  # pages have these addresses
_TAKEN = Text(
    ko="같은 주소를 쓰는 학위 과정이 이미 있습니다. 다른 주소를 쓰세요.",
    en="Another degree has this address. Use another one.",
)
_MEANWHILE = Text(
    ko="그 사이 다른 사람이 요건을 고쳤습니다. 새로 고친 뒤 다시 저장하세요.",
    en="Somebody else changed the requirement meanwhile. Reload and save again.",
)


@transaction.atomic
def found_degree(organisation: Organisation, *, key: str, source: str, by: Person) -> Degree:
    """A degree that ``organisation`` awards from now on. Raises Refused("degree.key"), Flawed."""
    title = read_requirement(source, home=organisation.short).requirement.title
    if key in RESERVED:
        raise Refused("degree.key", _TAKEN)
    try:
        with transaction.atomic():
            degree = Degree.objects.create(organisation=organisation, key=key, title_ko=title.ko, title_en=title.en)
    except IntegrityError as twice:
        raise Refused("degree.key", _TAKEN) from twice
    record("degree.founded", degree, after={"organisation": organisation.short, "key": key}, actor=by)
    _say(degree, 1, source, by)
    return degree


@transaction.atomic
def write_requirement(degree: Degree, *, source: str, by: Person) -> DegreeVersion:
    """Its next version, for who begins from now on; the same text again is none. Raises Flawed, Refused."""
    read_requirement(source, home=degree.organisation.short)
    if degree.current and degree.current.source == source:
        return degree.current
    last = degree.versions.aggregate(last=Max("number"))["last"]
    return _say(degree, last + 1, source, by)


def _say(degree: Degree, number: int, source: str, by: Person) -> DegreeVersion:
    title = read_requirement(source, home=degree.organisation.short).requirement.title
    try:
        with transaction.atomic():
            version = DegreeVersion.objects.create(degree=degree, number=number, source=source, by=by)
    except IntegrityError as twice:
        raise Refused("state.changed", _MEANWHILE) from twice
    degree.current, degree.title_ko, degree.title_en = version, title.ko, title.en
    degree.save(update_fields=["current", "title_ko", "title_en", "name_key"])
    record("degree.required", degree, after={"version": number, "requirement": source}, actor=by)
    return version


@transaction.atomic
def seat_for_degree(degree: Degree, *, person: Person, duty: DegreeDuty, by: Person) -> DegreeSeat:
    """Let somebody be a registrar or sit in the committee; twice is once."""
    seat, fresh = DegreeSeat.objects.get_or_create(degree=degree, person=person, duty=duty)
    if fresh:
        record("degree.seated", degree, after={"person": str(person.pk), "duty": duty}, about=person, actor=by)
    return seat


@transaction.atomic
def unseat_from_degree(degree: Degree, *, person: Person, duty: DegreeDuty, by: Person) -> None:
    """Take somebody's duty back."""
    gone, _ = DegreeSeat.objects.filter(degree=degree, person=person, duty=duty).delete()
    if gone:
        record("degree.unseated", degree, before={"person": str(person.pk), "duty": duty}, about=person, actor=by)
