"""`dure keys …`: the keys with which organisations sign credentials, made and ended where their files lie."""

import argparse
import os
from typing import TYPE_CHECKING

import django

from dure.cli.language import spoken
from dure.cli.main import DONE
from dure.core.errors import Missing, Refused
from dure.core.text import Text

if TYPE_CHECKING:
    from dure.credentials.models import Issuer, SigningKey

METHODS = ("web", "host", "key")
NEW = Text(
    ko="{name}의 새 서명 키입니다. 파일: {file}\n발급 기관의 식별자: {did}\n"
    "키 폴더를 백업하세요. 잃어버리면 다시 만들 수 없습니다.",
    en="A new signing key of {name}, in {file}\nThe issuer is known as {did}\n"
    "Back the folder up: nobody can make a lost key again.",
)
ENDED = Text(
    ko="{public} 키로 더 이상 서명하지 않습니다. 개인 키 파일을 지웠습니다.",
    en="Nobody signs with {public} any more. Its private file is deleted.",
)
COMPROMISED = Text(
    ko="이 키로 서명한 자격 {count}건은 이제 믿을 수 없습니다. 새 키를 만든 뒤 발급 기관의 페이지에서 갱신하세요.",
    en="{count} credentials signed with it are believed no more. Make a new key, then renew them on its pages.",
)
NONE = Text(
    ko="발급 기관이 없습니다. dure keys new --issuer 기관의-짧은-이름을 실행하세요.",
    en="There is no issuer. Run dure keys new --issuer SHORT-NAME.",
)
NO_SUCH = Text(ko="‘{name}’ 기관이 없습니다.", en="There is no organisation {name}.")
NO_KEY = Text(ko="{name}의 서명 키가 없습니다.", en="{name} has no signing key.")


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    new = what.add_parser("new", help="make an organisation an issuer, with its first key")
    new.add_argument("--did", choices=METHODS, default="web", help="how verifiers elsewhere know it (default: web)")
    rotate = what.add_parser("rotate", help="sign with a new key from now on; what the old one signed holds")
    retire = what.add_parser("retire", help="sign no more")
    retire.add_argument("--compromised", action="store_true", help="somebody else may have it: believe it no more")
    for one in (new, rotate, retire):
        one.add_argument("--issuer", required=True, metavar="ORG", help="an organisation's short name")
    what.add_parser("list", help="every issuer with its keys, and whether their files are here")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    {"new": _new, "rotate": _rotate, "retire": _retire, "list": _list}[options.what](options)
    return DONE


def _new(options: argparse.Namespace) -> None:
    from dure.credentials import keys
    from dure.credentials.models import Issuer, Method
    from dure.credentials.operations import add_key, become_issuer
    from dure.credentials.operations.issuers import HAS_KEY
    from dure.credentials.queries import active_key
    from dure.people.models import Organisation

    organisation = Organisation.objects.filter(short=options.issuer).first()
    if organisation is None:
        raise Missing("organisation.missing", NO_SUCH.format(name=options.issuer))
    issuer = Issuer.objects.filter(organisation=organisation).first()
    issuer = issuer or become_issuer(organisation, method=Method(options.did))
    if active_key(issuer):
        raise Refused("credentials.key", HAS_KEY)
    _tell(add_key(issuer, public=keys.make()))


def _rotate(options: argparse.Namespace) -> None:
    from dure.credentials import keys
    from dure.credentials.operations import rotate_key

    issuer = _issuer(options.issuer)
    former = _active(issuer)
    _tell(rotate_key(issuer, public=keys.make()))
    keys.destroy(former.public)


def _retire(options: argparse.Namespace) -> None:
    from dure.credentials import keys
    from dure.credentials.operations import end_key

    key = end_key(_active(_issuer(options.issuer)), compromised=options.compromised)
    keys.destroy(key.public)
    print(ENDED.format(public=key.public)[spoken()])
    if options.compromised:
        print(COMPROMISED.format(count=key.credentials.count())[spoken()])


def _list(_options: argparse.Namespace) -> None:
    from dure.credentials import keys
    from dure.credentials.models import SigningKey

    rows = SigningKey.objects.select_related("issuer__organisation").order_by("issuer__organisation__short", "-pk")
    for key in rows:
        here = keys.path_of(key.public) if keys.is_here(key.public) else "–"
        print(f"{key.issuer.organisation.short:<24}{key.state:<12}{key.made_at:%Y-%m-%d}  {key.method}  {here}")
    if not rows:
        print(NONE[spoken()])


def _tell(key: "SigningKey") -> None:
    from dure.credentials import keys

    name = key.issuer.organisation.title
    print(NEW.format(name=name, file=keys.path_of(key.public), did=key.did)[spoken()])


def _issuer(short: str) -> "Issuer":
    from dure.credentials.queries import issuer_called

    found = issuer_called(short)
    if found is None:
        raise Missing("credentials.issuer-missing", NO_SUCH.format(name=short))
    return found


def _active(issuer: "Issuer") -> "SigningKey":
    from dure.credentials.queries import active_key

    found = active_key(issuer)
    if found is None:
        raise Missing("credentials.no-key", NO_KEY.format(name=issuer.organisation.title))
    return found
