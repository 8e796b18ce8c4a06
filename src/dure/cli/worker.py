"""`dure worker`: does the jobs that were accepted, in one process or several, until told to stop.

With ``--url`` it is an organiser's own worker, which asks a platform elsewhere for the submissions of its queue.
"""

import argparse
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import django

from dure.cli.language import spoken
from dure.client.wire import Api
from dure.core.text import Text

LOOK_EVERY, RESTART_AFTER = 0.2, 1.0
WRONG_CALL = 2
_WHAT_IS_MISSING = Text(
    ko="--url에는 --token(또는 DURE_WORKER_TOKEN)과 --queue가 함께 필요합니다. 라운드의 주최자가 알려 줍니다.",
    en="--url needs --token (or DURE_WORKER_TOKEN) and --queue with it; the round's organiser has both.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    until = parser.add_mutually_exclusive_group()
    until.add_argument("--once", action="store_true", help="do at most one job and end")
    until.add_argument("--drain", action="store_true", help="do jobs until none is due and end")
    parser.add_argument("--tasks", nargs="+", metavar="TASK", help="only these tasks (default: all)")
    parser.add_argument("--queue", default="", metavar="NAME", help="the jobs of this queue (default: the platform's)")
    parser.add_argument("--url", metavar="URL", help="score for the platform at this address, with --token and --queue")
    parser.add_argument("--token", metavar="TOKEN", help="the key of this machine (or DURE_WORKER_TOKEN)")
    parser.add_argument("--processes", type=_positive, default=1, metavar="N", help="worker processes (default: 1)")


def run(options: argparse.Namespace) -> int:
    options.token = options.token or os.environ.get("DURE_WORKER_TOKEN", "")
    if options.url and not (options.token and options.queue):
        print(_WHAT_IS_MISSING[spoken()], file=sys.stderr)
        return WRONG_CALL
    if options.processes == 1:
        _work(options)
    else:
        _Crew(options).run()
    return 0


def _positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _work(options: argparse.Namespace) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    django.setup()
    from dure.jobs import worker

    halt = worker.Halt()
    try:
        if options.url:
            _work_elsewhere(options, halt)
        elif options.once:
            worker.step(options.tasks, queue=options.queue)
        elif options.drain:
            worker.drain(options.tasks, queue=options.queue, stopping=halt)
        else:
            worker.serve(halt, options.tasks, queue=options.queue)
    except worker.Stopped:
        return


def _work_elsewhere(options: argparse.Namespace, halt: Callable[[], bool]) -> None:
    from dure.cli import remote

    api = Api(options.url, options.token, language=spoken())
    remote.serve(api, options.queue, halt, once=options.once, drain=options.drain)


def _work_in_crew(options: argparse.Namespace) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the crew's head passes it on
    _work(options)


class _Crew:
    """Worker processes that are replaced when they die and stopped when their head is."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.asked = self.passed_on = 0
        self.forever = not (options.once or options.drain)
        self.processes = [self._start() for _ in range(options.processes)]
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _start(self) -> multiprocessing.context.SpawnProcess:
        process = multiprocessing.get_context("spawn").Process(target=_work_in_crew, args=(self.options,))
        process.start()
        return process

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1

    def run(self) -> None:
        while self.processes:
            time.sleep(LOOK_EVERY)
            if self.asked > self.passed_on:
                self._pass_on()
            dead = [process for process in self.processes if not process.is_alive()]
            self.processes = [process for process in self.processes if process.is_alive()]
            if dead and self.forever and not self.asked:
                time.sleep(RESTART_AFTER)
                self.processes += [self._start() for _ in dead]

    def _pass_on(self) -> None:
        self.passed_on += 1
        for process in self.processes:
            process.terminate()
