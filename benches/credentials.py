"""How many credentials a core signs in a second: `dure bench credentials [CREDENTIALS]`.

It works on a database of its own (a test database): an achievement with three skills, so many people who deserve it,
one worker. It prints the signing alone (both forms), the Data Integrity proof alone, and the whole way from the
approval of all at once to the last credential in the database.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import django
from django.conf import settings
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from dure.core import clock
from dure.core.text import Text
from dure.credentials import keys, signing
from dure.credentials.documents import badge_of
from dure.credentials.models import Achievement, Credential, CredentialState, Kind
from dure.credentials.operations import Content, Deserved, add_key, become_issuer, define, propose
from dure.credentials.proofs import proven
from dure.jobs.registry import every_task
from dure.jobs.worker import drain
from dure.people.models import Person
from dure.people.operations import found_organisation
from dure.skills.models import Skill, Taxonomy

SAMPLE, LEAST = 200, 50


def award() -> Achievement:
    taxonomy = Taxonomy.objects.create(key="bench", title_ko="측정", title_en="Bench")
    skills = [Skill.objects.create(taxonomy=taxonomy, code=f"S{n}", name_en=f"Skill {n}") for n in range(3)]
    issuer = become_issuer(found_organisation("bench", name_ko="측정", name_en="Bench", kind="university"))
    add_key(issuer, public=keys.make())
    said = Text(ko="측정용 자격입니다.", en="A credential to measure with.")
    content = Content(said, said, said, level="고급", valid_months=24, skills=dict.fromkeys(skills, 3))
    return define(issuer, code="bench", kind=Kind.CERTIFICATE, content=content, by=None)


def rate(work: Callable[[Credential], object], rows: Sequence[Credential]) -> float:
    """How many in a second of one core's time."""
    began = time.process_time()
    for row in rows:
        work(row)
    return len(rows) / (time.process_time() - began)


def main(count: int) -> None:
    achievement = award()
    people = [Person(email=f"p{n}@example.org", name=f"사람 {n}") for n in range(count)]
    Person.objects.bulk_create(people)
    began = time.perf_counter()
    propose(achievement, [Deserved(person, "bench") for person in people], by=None, ready=True)
    approved = time.perf_counter() - began
    key = signing.key_of(achievement.issuer)
    rows = signing.waiting(achievement.batches.get().pk, first=_first(), last=_last())[:SAMPLE]
    at, private = clock.now(), keys.private(key.public)
    both = rate(lambda row: signing.signed(row, key=key, at=at), rows)
    proof = rate(lambda row: proven(badge_of(row, key=key, at=at), key=private, method=key.method, at=at), rows)
    began = time.perf_counter()
    drain([name for name in every_task() if name.startswith("credentials.")])
    whole = time.perf_counter() - began
    done = Credential.objects.filter(state=CredentialState.ISSUED).count()
    lines = (
        f"proposing and approving {count:,} at once: {approved:.1f} s",
        f"Data Integrity proofs: {proof:.0f} a second of a core (at least {LEAST})",
        f"both forms: {both:.0f} a second of a core",
        f"{done:,} issued by one worker, rows, log and lists included: {whole:.1f} s, {done / whole:.0f} a second",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    if proof < LEAST or done != count:
        raise SystemExit("too slow, or not everything was issued")


def _first() -> object:
    return Credential.objects.order_by("pk").values_list("pk", flat=True)[0]


def _last() -> object:
    return Credential.objects.order_by("-pk").values_list("pk", flat=True)[0]


if __name__ == "__main__":
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.KEYS = Path(folder)
            main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
    finally:
        runner.teardown_databases(databases)
