"""How much an installation has stored: rows of every room, files of every folder, bytes of the database."""

import os
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

Figures = list[dict[str, str | int]]


def stored(tell: Callable[[int, int], None]) -> tuple[Figures, Figures]:
    """Rows a room and files a folder of what people sent, the largest first. Reads everything: not for pages."""
    configs = list(apps.get_app_configs())
    rooms: dict[str, int] = {}
    for done, config in enumerate(configs):
        tell(done, len(configs) + 1)
        models = config.get_models(include_auto_created=True)
        rooms[config.label] = sum(model._base_manager.count() for model in models)
    largest = sorted(rooms.items(), key=lambda room: -room[1])
    return [{"name": name, "rows": rows} for name, rows in largest if rows], [_measured(one) for one in _folders()]


def _folders() -> list[Path]:
    """What files are kept in: each room's own below MEDIA_ROOT, and the mail that went nowhere."""
    root, mailbox = Path(settings.MEDIA_ROOT), Path(settings.HOME) / "mailbox"
    own = sorted(folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else []
    return [*own, *([mailbox] if mailbox.is_dir() else [])]


def _measured(folder: Path) -> dict[str, str | int]:
    files = size = 0
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry))
                elif entry.is_file(follow_symlinks=False):
                    files, size = files + 1, size + entry.stat(follow_symlinks=False).st_size
    return {"name": folder.name, "files": files, "bytes": size}


def database_bytes() -> int:
    """The database with all that belongs to it, at once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    name = str(connection.settings_dict["NAME"])
    parts = (Path(f"{name}{ending}") for ending in ("", "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def database_version() -> str:
    """``SQLite 3.45.1``, ``PostgreSQL 18.0``."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        number = str(cursor.fetchone()[0]).split()[0]
    return f"{connection.display_name} {number}"
