"""`dure operator EMAIL`: somebody runs the platform from now on; the first one is made so."""

import argparse
import os
import secrets

import django

from dure.cli.language import spoken
from dure.cli.main import DONE
from dure.core.text import Text

NEW = Text(
    ko="{email} 계정을 만들었습니다. 비밀번호는 지금만 보입니다: {password}\n로그인한 뒤 바꾸고 2단계 인증을 켜세요.",
    en="{email} has an account. Its password is shown only now: {password}\n"
    "Change it after signing in, and set up a second factor.",
)
KNOWN = Text(
    ko="{email} 님이 운영자가 되었습니다. 비밀번호는 그대로입니다.",
    en="{email} is an operator. The password stays as it is.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="who")
    parser.add_argument("--name", default="", help="the name of a new account")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    from dure.people.operations import appoint_operator

    password = secrets.token_urlsafe(12)
    person, is_new = appoint_operator(options.email, name=options.name, password=password)
    said = NEW if is_new else KNOWN
    print(said.format(email=person.email, password=password)[spoken()])
    return DONE
