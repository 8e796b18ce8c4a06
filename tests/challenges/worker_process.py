"""`dure worker` in a process of its own whose scoring stops at a gate, so that it can be frozen in the middle."""

import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from dure.challenges import tasks  # noqa: E402 -- after the settings
from dure.cli import main  # noqa: E402 -- after the settings as well

measure = tasks.outcome_of


def measure_at_the_gate(submission):
    """Measure; then tell so, and go on when the gate opens."""
    outcome = measure(submission)
    gate = Path(os.environ["GATE"])
    gate.joinpath("begun").touch()
    while not gate.joinpath("open").exists():
        time.sleep(0.02)
    return outcome


if __name__ == "__main__":
    if "GATE" in os.environ:
        tasks.outcome_of = measure_at_the_gate
    sys.exit(main(["worker", *sys.argv[1:]]))
