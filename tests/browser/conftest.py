"""A headless Chromium, where there is one: ``DURE_CHROMIUM``, else the system's. Elsewhere these tests say so."""

import os
import shutil
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from dure.challenges.measures import Measure
from dure.joints.stages.rounds import set_up_task
from dure.people.models import Person
from tests.site.conftest import _catalogues  # noqa: F401 -- pages are read in Korean here too
from tests.site.world import World, made_world

FLAGS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-gpu", "--no-first-run",
    "--disable-sync",
]  # fmt: skip
FOCUSED = """(({labels, innerText}) => (labels?.[0]?.innerText || innerText || "").trim().split("\\n")[0])(
    document.activeElement)"""  # what it says: its label, else its own words; the first line of them
TRUTH = "id,label\n" + "".join(f"{n},{n % 2}\n" for n in range(40))
PASSWORD = "a long password for tests"
CHROMIUM = os.environ.get("DURE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop in this thread


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install one, or name it in DURE_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def world(transactional_db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT, settings.KEYS = tmp_path, tmp_path / "keys"
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()
    made = made_world()
    for person in (made.ada, made.bo, made.clerk, made.judge, made.stranger, made.operator):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return made


def set_up_tasks(world: World) -> None:
    """The round has its data and measure: attempts can be handed in."""
    for option in ("vision", "speech"):
        labels = BytesIO(TRUTH.encode())
        set_up_task(world.programme, "task", option, by=world.clerk, labels=labels, measure=Measure("accuracy"))


class Visitor:
    """Somebody at a browser window of their own."""

    def __init__(self, browser: Browser, url: str, *, language: str = "ko", width: int = 1280, dark: bool = False):
        scheme = "dark" if dark else "light"
        self.url = url
        self.context = browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, color_scheme=scheme, timezone_id="Asia/Seoul"
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()

    def sign_in(self, person: Person) -> "Visitor":
        self.go("/accounts/login/")
        self.page.fill("#id_login", person.email)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button.main")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self

    def known(self, person: Person) -> "Visitor":
        """Signed in already: the way through the sign-in page has tests of its own."""
        client = Client()
        client.force_login(person)
        self.context.add_cookies(
            [{"name": name, "value": kept.value, "url": self.url} for name, kept in client.cookies.items()]
        )
        return self

    def go(self, path: str) -> "Visitor":
        self.page.goto(f"{self.url}{path}")
        return self

    def press(self, name: str) -> "Visitor":
        """Follow the link or press the button that says ``name``."""
        self.page.locator(f"main a:text-is('{name}'), main button:text-is('{name}')").first.click()
        return self

    def tab_to(self, name: str) -> "Visitor":
        """Press Tab until the link, button or field of that name has the focus."""
        for _ in range(90):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED) == name:
                return self
        raise AssertionError(f"Tab never comes to {name}")

    def enter(self, name: str) -> "Visitor":
        """Tab to the link or button of that name, press Enter, and come to the page behind it."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


@pytest.fixture
def visit(browser, live_server) -> Iterator:
    """``visit(person, …)`` opens a window, signed in as the person (None: as nobody)."""
    opened: list[Visitor] = []

    def visiting(person: Person | None = None, **how) -> Visitor:
        visitor = Visitor(browser, live_server.url, **how)
        opened.append(visitor)
        return visitor.known(person) if person else visitor

    yield visiting
    for visitor in opened:
        visitor.context.close()
