"""`dure bench`: measurements that nobody runs for weeks still start when somebody does."""

from importlib import import_module

import pytest

from dure.cli.bench import FOLDER


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("[!_]*.py")))
def test_every_bench_finds_what_it_measures(name):
    assert callable(import_module(f"benches.{name}").main)
