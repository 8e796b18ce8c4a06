"""SQLite is told what its tables hold; the job that does so is due by itself."""

from datetime import timedelta

import pytest
from django.db import connection

from dure.core import clock
from dure.jobs.models import Job, JobState
from dure.jobs.operations import schedule
from dure.jobs.worker import drain
from dure.store.statistics import renew_statistics
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its statistics by itself")
def test_an_index_is_known_by_how_many_rows_it_finds() -> None:
    for _ in range(3):
        make_person()

    renew_statistics()

    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'person_name'")
        assert cursor.fetchall() == [("3 1 1",)]  # rows; of one name; of one name and id


def test_the_job_that_does_so_comes_back_by_itself() -> None:
    schedule()

    drain(["jobs.renew-statistics"])

    again = Job.objects.get(task="jobs.renew-statistics", state=JobState.READY)
    assert again.run_at > clock.now() + timedelta(hours=5)
