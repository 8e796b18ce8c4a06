"""Tasks are known by name, each name once."""

import pytest

from dure.jobs.registry import every_task, find, task


def test_an_unknown_task_is_a_mistake_of_the_caller():
    with pytest.raises(LookupError, match=r"witness\.unheard-of"):
        find("witness.unheard-of")


def test_a_name_is_given_once():
    with pytest.raises(ValueError, match="two tasks are called"):
        task("jobs.prune")(lambda: None)


def test_the_tasks_of_installed_rooms_are_found_by_themselves():
    assert {"jobs.deliver", "jobs.prune"} <= set(every_task())
