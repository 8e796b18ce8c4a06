"""`dure token EMAIL`: a new key for somebody's programs, shown once."""

import argparse
import os

import django

from dure.cli.main import DONE
from dure.core.errors import Missing
from dure.core.text import Text


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="whose token")
    parser.add_argument("--name", default="cli", help="what it is for (default: cli)")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    from dure.people.models import Person
    from dure.people.operations import issue_token

    person = Person.objects.filter(email=options.email.strip().lower(), is_active=True).first()
    if person is None:
        sentence = Text(ko=f"가입한 사람이 아닙니다: {options.email}", en=f"Nobody is registered as {options.email}.")
        raise Missing("person.missing", sentence)
    print(issue_token(person, name=options.name).secret)
    return DONE
