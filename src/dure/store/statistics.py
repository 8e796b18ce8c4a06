"""What a database knows of its tables, by which it plans queries."""

from django.db import connection

_ROWS = 1_000  # looked at for each index: enough to tell indexes apart, and done in a moment at any size


def renew_statistics() -> None:
    """Let SQLite look again at what its tables hold; PostgreSQL does so by itself.

    Without it SQLite takes every index for as good as any other. Other connections go by it once they open anew.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={_ROWS}")
        cursor.execute("ANALYZE")
