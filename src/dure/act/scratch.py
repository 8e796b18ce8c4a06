"""A database that nobody needs: made for one act, gone after it."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def scratch() -> Iterator[None]:
    """Django set up over an empty database of its own, where operators may act as anybody.

    A file in a temporary folder, or (with DATABASE_URL) a database of its own on that PostgreSQL server. To be
    called before anything of Django is imported.
    """
    with tempfile.TemporaryDirectory(prefix="dure-act-") as folder:
        os.environ |= {"DURE_HOME": folder, "DURE_SCRATCH": "1", "DURE_SECRET_KEY": secrets.token_urlsafe(32)}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
        with _database(Path(folder)) as url:
            os.environ["DATABASE_URL"] = url
            _make_tables()
            try:
                yield
            finally:
                _disconnect()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:{folder / 'act.sqlite3'}"
        return
    import psycopg
    from psycopg import sql

    name = f"dure_act_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _make_tables() -> None:
    """As the models say, at once: the way that an old database takes to them would be most of a short act's time."""
    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()
