"""The test database, for processes of their own."""

from urllib.parse import quote

from django.db import connection


def database_address() -> str:
    """As DATABASE_URL names it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:{at['NAME']}"
    user, password, host = (quote(str(at[name]), safe="") for name in ("USER", "PASSWORD", "HOST"))
    port = f"&port={at['PORT']}" if at["PORT"] else ""
    return f"postgresql://{user}:{password}@/{at['NAME']}?host={host}{port}"
