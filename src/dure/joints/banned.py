"""What people are told when somebody is banned from a programme, appeals, is answered, or a ban ends."""

from collections.abc import Mapping

from dure.core.events import on
from dure.core.moments import Told
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations import Letter, write_to
from dure.programmes.events import BanEnded, BanMoved
from dure.programmes.models import Ban, BanState
from dure.programmes.queries.bans import operators_of

LETTERS: Mapping[str, Letter] = {
    BanState.STANDING: Letter(
        NoticeKind.RESULT,
        Text(ko="{programme}: 참가가 제한되었습니다{until}.", en="{programme}: you are banned{until}."),
        Text(ko="[두레] {programme}: 참가가 제한되었습니다", en="[Dure] {programme}: you are banned"),
        Text(
            ko="‘{programme}’ 참가가 제한되었습니다{until}.\n사유: {reason}\n\n"
            "이미 받은 것과 지급된 돈은 그대로입니다. {appeals}까지 한 번 이의를 신청할 수 있습니다.\n\n{link}\n",
            en="You are banned from {programme}{until}.\nReason: {reason}\n\n"
            "What you were given and paid stays as it is. You may appeal once, until {appeals}.\n\n{link}\n",
        ),
    ),
    BanState.UPHELD: Letter(
        NoticeKind.RESULT,
        Text(ko="{programme}: 이의 신청이 받아들여지지 않았습니다.", en="{programme}: your appeal was refused."),
        Text(ko="[두레] {programme}: 이의 신청 결과", en="[Dure] {programme}: your appeal"),
        Text(
            ko="‘{programme}’ 참가 제한에 대한 이의 신청이 받아들여지지 않았습니다.\n답변: {answer}\n\n{link}\n",
            en="Your appeal against the ban from {programme} was refused.\nAnswer: {answer}\n\n{link}\n",
        ),
    ),
    BanState.LIFTED: Letter(
        NoticeKind.RESULT,
        Text(ko="{programme}: 참가 제한이 해제되었습니다.", en="{programme}: the ban is lifted."),
        Text(ko="[두레] {programme}: 참가 제한 해제", en="[Dure] {programme}: the ban is lifted"),
        Text(
            ko="‘{programme}’ 참가 제한이 해제되었습니다. 아직 닫히지 않은 단계는 이어서 할 수 있습니다.\n"
            "{answer}\n\n{link}\n",
            en="The ban from {programme} is lifted. Go on with whatever has not closed.\n{answer}\n\n{link}\n",
        ),
    ),
}
APPEALED = Letter(
    NoticeKind.RESULT,
    Text(ko="{programme}: ‘{who}’의 이의 신청이 있습니다.", en="{programme}: {who} has appealed."),
    Text(ko="[두레] {programme}: 이의 신청", en="[Dure] {programme}: an appeal"),
    Text(
        ko="‘{who}’의 참가 제한에 대한 이의 신청입니다.\n\n{appeal}\n\n{link}\n",
        en="{who} appeals against the ban.\n\n{appeal}\n\n{link}\n",
    ),
)
ENDED = Letter(
    NoticeKind.RESULT,
    Text(
        ko="{programme}: 참가 제한 기간이 끝났습니다. 다시 참가할 수 있습니다.",
        en="{programme}: your ban is over. You can take part again.",
    ),
    Text(ko="[두레] {programme}: 참가 제한 기간 종료", en="[Dure] {programme}: your ban is over"),
    Text(
        ko="‘{programme}’ 참가 제한 기간이 끝났습니다. 아직 열려 있는 단계는 이어서 할 수 있습니다. "
        "그동안 끝난 단계는 되돌아가지 않습니다.\n\n{link}\n",
        en="Your ban from {programme} is over. Go on with whatever is still open; what ended meanwhile stays ended."
        "\n\n{link}\n",
    ),
)
_UNTIL = Text(ko=" ({when}까지)", en=" until {when}")
_NOTHING = Text(ko="", en="")


@on(BanMoved)
def tell_ban(fact: BanMoved) -> None:
    """Those it concerns; of an appeal the operators."""
    ban = Ban.objects.select_related("programme").get(pk=fact.ban)
    zone = ban.programme.zone
    until = Told(ban.until, zone, closes=True, sentence=_UNTIL) if ban.until else _NOTHING
    told = {
        "programme": ban.programme.title, "who": ban.title, "until": until, "reason": ban.reason,
        "appeals": Told(ban.appeal_until, zone, closes=True), "appeal": ban.appeal,
        "answer": ban.answer or _NOTHING,
    }  # fmt: skip
    if fact.state == BanState.APPEALED:
        write_to(operators_of(ban.programme), APPEALED, path=f"/bans/{ban.pk}/", **told)
    else:
        write_to(_concerned(ban), LETTERS[fact.state], path=f"/bans/{ban.pk}/", **told)


@on(BanEnded)
def tell_end(fact: BanEnded) -> None:
    """Those it concerned."""
    ban = Ban.objects.select_related("programme").get(pk=fact.ban)
    write_to(_concerned(ban), ENDED, path=f"/bans/{ban.pk}/", programme=ban.programme.title)


def _concerned(ban: Ban) -> list[Person]:
    return list(Person.objects.filter(pk__in=ban.persons.values("person")))
