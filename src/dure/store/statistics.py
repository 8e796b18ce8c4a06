"""What a database knows of its tables, by which it plans queries."""

from django.db import connection


def renew_statistics() -> None:
    """Let SQLite look again at what its tables hold; PostgreSQL does so by itself.

    Without it SQLite takes every index for as good as any other. Other connections go by it once they open anew.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit=0")  # a sample of the first rows misjudges columns that grew over time
        cursor.execute("ANALYZE")
