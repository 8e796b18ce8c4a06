"""A round that is over, with code that counts, a service with an owner, and requests that it recorded."""

import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal

from dure.challenges import files
from dure.challenges.models import Entrant, FieldTrial, Submission
from dure.challenges.operations.fieldtrials import Plan, draft_field_trial
from dure.core import clock
from dure.core.text import Text
from dure.people.models import Person
from tests.challenges.conftest import make_entrant, make_task, scored
from tests.factories import make_organisation, make_person

SERVICE = Text(ko="한강 카페", en="Hangang Cafe")
# Says yes to long texts; leaves out what it is told to, and ends as it is told to.
MODEL = """
import csv, os, sys, time
box = os.environ["BOX"]
rows = list(csv.DictReader(open(f"{box}/data/requests.csv", encoding="utf-8")))
if any(row["text"] == "crash" for row in rows):
    print("canary-of", "a-model", sep="-", file=sys.stderr)
    sys.exit(3)
with open(f"{box}/output/predictions.csv", "w") as out:
    out.write("id,label\\n")
    for row in rows:
        if row["text"] != "silent":
            out.write(f"{row['id']},{'yes' if len(row['text']) > 3 else 'no'}\\n")
"""


def archive(source: str = MODEL) -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        written.writestr("main.py", source)
    data.seek(0)
    return data


def that_counts(entrant: Entrant | None = None, *, source: str = MODEL, judged: Submission | None = None) -> Submission:
    """Code that stands on the board: it was judged elsewhere (left out: now), so that no box runs before it is
    wanted."""
    entrant = entrant or make_entrant(make_task(opens_at=None, closes_at=None, code="allowed"))
    submission = judged or scored(entrant)
    with files.received(archive(source), most_bytes=1 << 20, name="code.zip") as upload:
        upload.save(force_insert=True)
        Submission.objects.filter(pk=submission.pk).update(kind="code", command="python3 main.py", upload=upload)
    return Submission.objects.select_related("entrant__task__round").get(pk=submission.pk)


def told(number: int, text: str = "long text", **known) -> dict:
    return {"id": f"r{number}", "input": {"text": text}, "answer": "yes", "service_ms": 20, **known}


def lines(*requests: dict) -> io.BytesIO:
    return io.BytesIO("".join(f"{json.dumps(one)}\n" for one in requests).encode())


def make_plan(submission: Submission | None = None, *requests: dict, owner: Person | None = None, **known) -> Plan:
    """From now on for a day, every request, fast."""
    now = clock.now()
    said = {
        "submission": submission or that_counts(), "service": SERVICE, "owner": owner or make_person(name="Owner"),
        "organisation": known.pop("organisation", None) or make_organisation(), "starts_at": now,
        "ends_at": now + timedelta(days=1), "share": 100, "per_minute": 60_000, "seed": 7, "tolerance": Decimal(0),
        "file": None if known.get("address") else lines(*(requests or [told(n) for n in range(4)])),
    }  # fmt: skip
    return Plan(**{**said, **known})


def make_trial(submission: Submission | None = None, *requests: dict, **known) -> FieldTrial:
    plan = make_plan(submission, *requests, **known)
    round_ = plan.submission.entrant.task.round
    return draft_field_trial(round_, plan, by=round_.organisers.first())
