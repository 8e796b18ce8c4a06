"""`dure serve`: the portal on this machine, with workers beside it, until Ctrl-C."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dure.cli.language import spoken
from dure.cli.main import DONE, FAILED
from dure.core.text import Text

PORT = 8000
BINS = Path(sys.executable).parent
LOOK_EVERY, PATIENCE = 0.2, 20.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--workers", type=int, default=1, help="processes that do accepted jobs (default: 1)")


def run(options: argparse.Namespace) -> int:
    return serve(options.port, workers=options.workers)


def serve(port: int, *, workers: int = 1) -> int:
    """Static files are collected and the database is brought up to date first; Ctrl-C ends server and workers."""
    environment = prepared(port)
    os.environ.update(environment)
    crew = [str(BINS / "dure"), "worker", "--processes", str(workers)]
    there = f"http://127.0.0.1:{port}"
    print(Text(ko=f"{there} (끝내려면 Ctrl-C)", en=f"{there} (Ctrl-C ends it)")[spoken()], flush=True)
    return _together([web(port), crew], environment)


def web(port: int, *, processes: int = 2) -> list[str]:
    """The command that answers requests, to be run in what :func:`prepared` gives.

    Two threads each: while one works, more would only wait for it longer (`dure bench serving` shows it).
    """
    return [
        *(str(BINS / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", "2", "--no-ws", "--log-level", "warning"),
        "dure.wsgi:application",
    ]


def prepared(port: int) -> dict[str, str]:
    """Bring the database up to date and collect static files; what web processes and workers find around them."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "dure.settings"),
        "DURE_STATIC": "collected",
        "DURE_URL": os.environ.get("DURE_URL", f"http://127.0.0.1:{port}"),
    }
    for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        subprocess.run([sys.executable, "-m", "django", *command], env=environment, check=True)  # noqa: S603 -- our own
    return environment


def _together(commands: Sequence[Sequence[str]], environment: dict[str, str]) -> int:
    """Run the processes until one ends by itself or somebody asks; then end them all."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda told, _frame: asked.append(told))
    # of their own session, so that Ctrl-C reaches them once, through us
    running = [subprocess.Popen(c, env=environment, start_new_session=True) for c in commands]  # noqa: S603 -- our own
    while not asked and all(process.poll() is None for process in running):
        time.sleep(LOOK_EVERY)
    for process in running:
        process.terminate()
    until = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    return DONE if asked else FAILED
