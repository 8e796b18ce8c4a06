"""Every page as people see it: both languages, a wide window in the light and a phone's in the dark.

A page is loaded once a language; light and width change in place. A run goes over every other page in Korean on a wide
window in the light, over those between in English on a phone in the dark; ``make pictures`` goes over all in every
language, light and width, and leaves pictures of them in ``test-output/screens/LANGUAGE/``.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.conftest import Visitor
from tests.site.conftest import ROOT
from tests.site.places import pages
from tests.site.world import World

pytestmark = [pytest.mark.browser]
OUT = ROOT / "test-output" / "screens"
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
BY_AXE = {"ko": ("wide", "light"), "en": ("phone", "dark")}
LOOKS = tuple(BY_AXE.values())
EVERY_LOOK = ("wide", "light"), ("phone", "light"), ("phone", "dark"), ("wide", "dark")
WHOLE = bool(os.environ.get("DURE_PICTURES"))
MOST_BYTES = 60_000  # compressed, of page, style and script together; fonts come besides and once
AXE = (
    "axe.run({resultTypes: ['violations']}).then(f => f.violations.flatMap(v => v.nodes.map(n => [v.id, ...n.target])))"
)
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PARTS = "performance.getEntriesByType('resource').map(part => part.name)"


class Window:
    """A visitor's window that remembers what its browser complained of."""

    weights: dict[str, int] = {}  # of style and script, the same for every page

    def __init__(self, visitor: Visitor) -> None:
        self.page, self.url, self.said = visitor.page, visitor.url, list[str]()
        self.looks = EVERY_LOOK if WHOLE else LOOKS
        visitor.context.add_init_script(AXE_SCRIPT)
        self.page.on("console", lambda line: self.said.append(line.text) if line.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.said.append(error.message))
        self.page.on("request", lambda asked: None if self._ours(asked.url) else self.said.append(asked.url))

    def faults(self, path: str, pictures: Path) -> list[object]:
        """What is wrong with a page, after a look at it in every light and width."""
        self.said.clear()
        answer = self.page.goto(f"{self.url}{path}")
        weight = len(brotli.compress(answer.body(), quality=5)) + sum(map(self._weight, self.page.evaluate(PARTS)))
        found: list[object] = [answer.status] if answer.status != 200 else []
        found += [f"{weight} bytes"] if weight > MOST_BYTES else []
        return [*found, *self._looks(pictures / (re.sub(r"[^a-z0-9]+", "-", path).strip("-") or "home")), *self.said]

    def _looks(self, picture: Path) -> Iterator[object]:
        self.looks = self.looks[::-1]  # begin with the one that the page before was left in
        for name, light in self.looks:
            width, height = SIZES[name]
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.emulate_media(color_scheme=light, reduced_motion="reduce")
            if self.page.evaluate(WIDER):
                yield f"wider than a {name} window"
            if WHOLE or (name, light) == BY_AXE[picture.parent.name]:
                yield from self.page.evaluate(AXE)
            if WHOLE:
                self.page.screenshot(path=f"{picture}-{name}-{light}.jpg", type="jpeg", quality=60, caret="initial")

    def _ours(self, url: str) -> bool:
        return url.startswith((self.url, "data:", "blob:"))

    def _weight(self, url: str) -> int:
        part = url.removeprefix(self.url)
        if part not in self.weights:
            is_font = part.endswith((".woff2", ".woff"))
            self.weights[part] = 0 if is_font else len(brotli.compress(self.page.request.get(url).body()))
        return self.weights[part]


def faults_in(language: str, world: World, visit: Callable[..., Visitor]) -> dict[str, list[object]]:
    """By page: what axe finds, what is wider than the window, what the browser complains of, what is from elsewhere."""
    world.proving()
    (OUT / language).mkdir(parents=True, exist_ok=True)
    windows: dict[object, Window] = {}
    faults = {}
    for number, (path, person) in enumerate(pages(world).items()):
        if not WHOLE and number % 2 == (language == "en"):
            continue
        if person not in windows:
            windows[person] = Window(visit(person, language=language))
        if found := windows[person].faults(path, OUT / language):
            faults[path] = found
    return faults


def test_every_page_in_korean_is_within_everybodys_reach(world, visit) -> None:
    assert faults_in("ko", world, visit) == {}


@pytest.mark.parametrize("light", ["light", "dark"])
def test_the_open_menu_of_a_phone_is_within_everybodys_reach(world, visit, light) -> None:
    world.proving()

    faults = {}
    for person in (None, world.ada, world.judge, world.operator):
        page = visit(person, width=390, dark=light == "dark").go("/").page
        page.click("button.narrow-only[popovertarget=menu]")
        page.locator("#menu:popover-open").wait_for()
        page.evaluate(AXE_SCRIPT)
        if found := page.evaluate(AXE):
            faults[person] = found

    assert faults == {}
