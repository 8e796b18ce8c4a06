"""How the process stands, for those who look after it: /healthz, /readyz, /metrics."""

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from dure.jobs.models import Job
from dure.jobs.queries import health


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> HttpResponse:
    """The database takes a write (taken back at once). The oldest due job's age tells whether workers keep up."""
    try:
        with transaction.atomic():
            Job.objects.create(task="health", most_attempts=1)
            transaction.set_rollback(True)
        oldest = health().oldest
    except DatabaseError:
        return JsonResponse({"status": "unready", "database": "refuses writes"}, status=503)
    return JsonResponse({"status": "ok", "oldest_ready_job_seconds": oldest.total_seconds() if oldest else 0})


def metrics(_request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus (text format 0.0.4)."""
    seen = health()
    lines = [
        *_family("dure_jobs", "Jobs by state", seen.jobs),
        *_family("dure_messages", "Messages of the outbox by state", seen.messages),
        "# HELP dure_oldest_ready_job_seconds How long the oldest due job has waited",
        "# TYPE dure_oldest_ready_job_seconds gauge",
        f"dure_oldest_ready_job_seconds {seen.oldest.total_seconds() if seen.oldest else 0}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _family(name: str, text: str, counts: dict[str, int]) -> list[str]:
    samples = [f'{name}{{state="{state}"}} {count}' for state, count in sorted(counts.items())]
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge", *samples]
