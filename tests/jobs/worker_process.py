"""`dure worker` in a process of its own that knows the witness tasks."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

import tests.jobs.witness  # noqa: E402, F401 -- it registers its tasks, which needs the settings
from dure.cli import main  # noqa: E402 -- after the settings as well

if __name__ == "__main__":
    sys.exit(main(["worker", *sys.argv[1:]]))
