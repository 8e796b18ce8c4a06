"""The Korean catalogue: `extract` brings it in line with the sources, `compile` makes it readable, `check` judges it.

English is written in the sources. Nothing here needs GNU gettext, so that whoever sets Dure up need not have it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SOURCES = Path(__file__).resolve().parents[1] / "src" / "dure"
LOCALES = SOURCES / "site" / "locale"
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATES = re.compile(rf"\b(_|gettext|ngettext)\(\s*{STRING}(?:\s*,\s*{STRING})?")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
HANGUL = re.compile(r"[\uac00-\ud7a3]")
PARTICLE = re.compile(r"%\(\w+\)[sd][’”]?(?:은|는|이|가|을|를|과|와)(?![가-힣])|[은이을과]\([는가를와]\)")
Message = tuple[str, str]  # singular and plural, which is empty where there is none


def messages() -> dict[Message, list[str]]:
    """Every marked message with the files it stands in."""
    found: dict[Message, list[str]] = {}
    for file in sorted([*SOURCES.rglob("*.py"), *SOURCES.rglob("*.html")]):
        source = file.read_text(encoding="utf-8")
        marked = _in_python(source) if file.suffix == ".py" else _in_template(source)
        for message in marked:
            places = found.setdefault(message, [])
            if (place := str(file.relative_to(SOURCES))) not in places:
                places.append(place)
    return found


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if texts:
                yield texts[0], texts[1] if node.func.id.startswith("n") else ""


def _in_template(source: str) -> Iterator[Message]:
    for mark, first, second in IN_TEMPLATES.findall(templatize(source)):
        yield ast.literal_eval(first), ast.literal_eval(second) if mark == "ngettext" else ""


def extract(language: str) -> None:
    """New messages come in untranslated, those that went leave; what is translated stays."""
    path = _file(language)
    known = {(e.msgid, e.msgid_plural): e for e in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for (singular, plural), places in sorted(messages().items(), key=lambda found: (found[1], found[0])):
        old = known.get((singular, plural))
        entry = polib.POEntry(msgid=singular, msgid_plural=plural, occurrences=[(place, "") for place in places])
        if plural:
            entry.msgstr_plural = old.msgstr_plural if old else {0: ""}
        else:
            entry.msgstr = old.msgstr if old else ""
        if "%(" in singular:
            entry.flags.append("python-format")
        catalogue.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def compile_all() -> None:
    """A ``.mo`` beside every ``.po``."""
    for path in LOCALES.rglob("*.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def check(language: str) -> list[str]:
    """What is wrong with a catalogue: a line for each fault."""
    entries = {(e.msgid, e.msgid_plural): e for e in polib.pofile(str(_file(language)))}
    found = messages()
    faults = [f"not in the catalogue: {m[0]!r} ({', '.join(p)})" for m, p in found.items() if m not in entries]
    faults += [f"no longer in the sources: {m[0]!r}" for m in entries if m not in found]
    for entry in entries.values():
        faults += [f"{fault}: {entry.msgid!r}" for fault in _faults(entry)]
    return faults + [f"Korean outside the catalogue: {file}" for file in _korean_templates()]


def _faults(entry: polib.POEntry) -> Iterator[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield "fuzzy"
    if not all(texts):
        yield "not translated"
    for text in filter(None, texts):
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)):
            yield "placeholders differ"
        if entry.msgid[:1].isspace() != text[:1].isspace() or entry.msgid[-1:].isspace() != text[-1:].isspace():
            yield "spaces at the ends differ"
        if PARTICLE.search(text):
            yield "a particle follows what is filled in, and may not fit it"


def _korean_templates() -> Iterator[str]:
    """Pages with Korean in them; only the button that switches to Korean says so in Korean."""
    for file in sorted(SOURCES.rglob("*.html")):
        if file.name != "language.html" and HANGUL.search(file.read_text(encoding="utf-8")):
            yield str(file.relative_to(SOURCES))


def _file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def main(command: str) -> int:
    if command == "extract":
        extract("ko")
    elif command == "compile":
        compile_all()
    elif command == "check":
        faults = check("ko")
        print("\n".join(faults) or "Korean catalogue: complete")
        return 1 if faults else 0
    else:
        print("usage: messages.py extract | compile | check", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
