"""The documentation's pictures, from the demo's database in ``DURE_HOME``: the portal is served, pages are opened.

What the demo has no page for (an open round, a review) the browser tests add from their small programme.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import django
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

PORT = 8021
WAIT = 120.0  # seconds until the portal has collected its files and answers
WINDOW = {"width": 1280, "height": 800}
SITE = f"http://127.0.0.1:{PORT}"
CHROMIUM = os.environ.get("DURE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def scenes() -> dict[str, tuple[str, str]]:
    """By a picture's name: the page's address, and whose eyes see it (empty: anybody's)."""
    from dure.challenges.models import Task
    from dure.demo.rush import SLUG
    from dure.demo.today import SLUG as NOW

    draft, rehearsal = _drafted()
    desk = f"/desk/{SLUG}/"
    board = Task.objects.order_by("pk")[0]
    return {
        "home": ("/", ""), "programmes": ("/programmes/", ""), "programme": (f"/programmes/{NOW}/", ""),
        "apply": (f"/programmes/{NOW}/apply/apply/", "learner"), "my-work": ("/me/", "learner"),
        "board": (f"/tasks/{board.pk}/", ""), "desk": (desk, "organiser"),
        "participants": (f"{desk}participants/", "organiser"), "case": (f"{desk}cases/1/", "organiser"),
        "settle": (f"{desk}stages/hire/settle/", "organiser"), "studio": (f"/studio/{draft}/", "secretariat"),
        "rehearse": (f"/studio/rehearsals/{rehearsal}/", "secretariat"),
        "make": ("/make/library/naver-ai-rush/", "secretariat"), "operator": ("/operator/", "secretariat"),
    }  # fmt: skip


def _drafted() -> tuple[object, object]:
    """A draft and its rehearsal: there already, or made now."""
    from dure.blueprint.library import load_blueprint
    from dure.blueprint.rehearsal import rehearse
    from dure.people.models import Person
    from dure.programmes.models import Rehearsal
    from dure.programmes.operations.drafting import begin, keep_rehearsal, version_in_force
    from dure.site.studio.shelf import source_of

    if (kept := Rehearsal.objects.first()) is None:
        text = source_of("naver-ai-rush")
        version = version_in_force(begin(text, by=Person.objects.get(email=_mail("secretariat"))))
        kept = keep_rehearsal(version, rehearse(load_blueprint(text.encode()), cases=200), overrides={})
    return kept.version.draft_id, kept.pk


@contextmanager
def served() -> Iterator[None]:
    """The portal as `dure serve` runs it, until the block ends."""
    portal = subprocess.Popen([Path(sys.executable).parent / "dure", "serve", "--port", str(PORT)])
    try:
        _await_answer()
        yield
    finally:
        portal.terminate()
        portal.wait()


def _await_answer() -> None:
    until = time.monotonic() + WAIT
    while True:
        try:
            urlopen(SITE).close()
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


def take(browser: Browser, language: str, pages: dict[str, tuple[str, str]]) -> None:
    """A picture of each page in ``language``."""
    from dure.site.docs.shelves import screen_file

    for name, (path, who) in pages.items():
        context = browser.new_context(
            locale=language, viewport=WINDOW, timezone_id="Asia/Seoul", reduced_motion="reduce", color_scheme="light"
        )
        context.add_cookies(_signed_in(who) if who else [])
        page = context.new_page()
        answer = page.goto(f"{SITE}{path}", wait_until="networkidle")
        if answer is None or answer.status != 200:
            raise SystemExit(f"no picture of {name}: {path} answers {answer and answer.status}")
        page.screenshot(path=screen_file(name, language), caret="initial")
        context.close()


def _signed_in(who: str) -> list[dict[str, str]]:
    from django.test import Client

    from dure.people.models import Person

    client = Client()
    client.force_login(Person.objects.get(email=_mail(who)))
    return [{"name": name, "value": kept.value, "url": SITE} for name, kept in client.cookies.items()]


def _mail(who: str) -> str:
    return f"{who}@demo.example.org"


def main() -> int:
    if CHROMIUM is None:
        print("no Chromium here: install one, or name it in DURE_CHROMIUM", file=sys.stderr)
        return 2
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in this thread
    django.setup()
    folder = Path(settings.LIBRARY) / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    with served(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        pages = scenes()
        for language in ("ko", "en"):
            take(browser, language, pages)
        browser.close()
    print(f"{len(pages)} pages in Korean and English: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
