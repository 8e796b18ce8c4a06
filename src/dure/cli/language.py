"""Which language the command line speaks."""

import os


def spoken() -> str:
    """Korean where the environment's locale is Korean, else English."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ko" if locale.lower().startswith("ko") else "en"
