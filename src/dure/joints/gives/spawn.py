"""A programme that grows out of another: a draft for each turn, its like-named parties bound, its persons invited."""

from collections.abc import Sequence

from dure.blueprint.library import Library, load_blueprint
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Organisation
from dure.people.operations import invite
from dure.programmes.models import Given, GivenState, Programme
from dure.programmes.operations.publishing import make_programme
from dure.programmes.queries.members import members_of


class SpawnProgramme:
    """The new draft is its maker's to complete: what is still unbound is shown there."""

    def check(self, programme: Programme, gives: Sequence[Given]) -> None:
        library = Library.around(())
        for name in {given.name for given in gives}:
            if not library.has("blueprint", name):
                sentence = Text(
                    ko="‘{name}’ 블루프린트가 라이브러리에 없습니다.", en="The library has no blueprint {name}."
                )
                raise Refused("spawn.unknown", sentence.format(name=name), blueprint=name)

    def give(self, programme: Programme, gives: Sequence[Given]) -> None:
        for given in gives:
            if given.turn is not None:
                _draft(programme, given)


def _draft(programme: Programme, given: Given) -> Programme:
    slug = f"{given.name[:60]}-{given.pk.hex[-12:]}"
    source = Library.around(()).source("blueprint", given.name) or b""
    known = load_blueprint(source, given.name).parties
    parties: dict[str, list[Organisation]] = {}
    for party in programme.parties.filter(key__in=known).select_related("organisation"):
        parties.setdefault(party.key, []).append(party.organisation)
    draft = make_programme(source.decode(), slug=slug, by=programme.made_by, parties=parties, zone=programme.zone)
    _invite(programme, given, draft)
    Given.objects.filter(pk=given.pk).update(
        state=GivenState.DONE, done_at=clock.now(), via="programme", details={**given.details, "programme": draft.slug}
    )
    return draft


def _invite(programme: Programme, given: Given, draft: Programme) -> None:
    members = members_of([given.turn]) if given.turn else []
    people = {p.pk: p for p in (m.person or m.case.entered_by for m in members)}
    what = Text(ko=f"프로그램 ‘{draft.title_ko}’", en=f"to the programme “{draft.title_en}”")
    for person in people.values():
        invite(person.email, purpose="programme", subject=draft.pk, what=what, by=programme.made_by)
