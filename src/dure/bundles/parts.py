"""Parts that several formats name alike: files, data sets, pages, and what may stand only once."""

import re
from collections.abc import Iterable

from dure.bundles.contract import decoded
from dure.bundles.fields import Fields
from dure.bundles.findings import Findings, Place
from dure.bundles.model import Competition, Page, Placed
from dure.bundles.opening import Bundle

_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def file_of(told: Fields, name: str, bundle: Bundle) -> str:
    """The path of a file that is there and not empty; nothing, once that is found."""
    path = _plain(told.text(name))
    if not path:
        return ""
    found = bundle.find(path)
    if found is None or not found.is_file():
        told.findings.add("file.missing", told.at(name), key=name, path=path)
        return ""
    if not found.stat().st_size:
        told.findings.add("file.empty", told.at(name), key=name, path=path)
    return path


def page(told: Fields, name: str, title: str, bundle: Bundle) -> Page:
    """The page whose file stands under ``name``."""
    path = file_of(told, name, bundle)
    return Page(title=title, file=path, text=decoded(bundle.read(path)) if path else "", place=told.at(name))


def data_set(told: Fields, name: str, bundle: Bundle) -> str:
    """The path of a data set, a folder or a zip: as it is written, else ``X.zip``, else ``X/`` for ``X.zip``."""
    path = _plain(told.text(name))
    if not path:
        return ""
    for candidate in (path, f"{path}.zip", path.removesuffix(".zip")):
        if bundle.find(candidate):
            return candidate
    code = "data.elsewhere" if _UUID.fullmatch(path) else "data.missing"
    told.findings.add(code, told.at(name), key=name, value=path, path=path)
    return ""


def _plain(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./").rstrip("/")


def given_once(name: str, parts: Iterable[tuple[object, Placed]], findings: Findings) -> None:
    """Nothing is named twice."""
    seen: dict[object, Place] = {}
    for key, part in parts:
        if key in seen:
            findings.add("given.twice", part.place, name=name, value=key, first=seen[key].line)
        seen.setdefault(key, part.place)


def needed_programs(competition: Competition, findings: Findings) -> None:
    """A task without reference data scores against nothing that we know of."""
    for task in competition.tasks:
        if task.scoring_program and not task.reference_data and "reference_data" not in task.places:
            findings.add("task.no-reference", task.place, task=task.name)
