"""The portal's own words in one small font file, so that a page loads few of Pretendard's ninety parts.

Reads what `npm ci` brought; writes `build/font/`. What is not among the portal's words comes from Pretendard's parts.
"""

import string
import sys
from pathlib import Path

import polib
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import OverlapMode, instantiateVariableFont

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = (400, 800)
SOURCE = ROOT / "node_modules/pretendard/dist/web/variable/woff2/PretendardVariable.woff2"
CATALOGUE = ROOT / "src/dure/site/locale/ko/LC_MESSAGES/django.po"
OUT = ROOT / "build/font"
# The weights are declared as Pretendard declares its parts': faces that differ there do not complete each other.
FACE = """/* The portal's own words; other characters come from Pretendard's parts. */
@font-face {{
  font-family: "Pretendard Variable"; font-style: normal; font-display: swap; font-weight: 45 920;
  src: url("portal.woff2") format("woff2"); unicode-range: {ranges};
}}
"""


def characters() -> set[str]:
    """Everything that the portal itself writes, in both languages."""
    written = set(string.printable) | set("·–—…×→←↑↓“”‘’•✓₩월화수목금토일년")
    for entry in polib.pofile(str(CATALOGUE)):
        written |= {*entry.msgid, *entry.msgstr, *"".join(entry.msgstr_plural.values())}
    return {character for character in written if character.isprintable()}


def main() -> int:
    if not SOURCE.exists():
        print("no Pretendard here: pages use the system's fonts", file=sys.stderr)
        return 0
    wanted = characters()
    font = TTFont(SOURCE)
    subsetter = Subsetter(Options(flavor="woff2", layout_features=["kern", "tnum", "calt", "ccmp"]))
    subsetter.populate(unicodes={ord(character) for character in wanted})
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True, overlap=OverlapMode.KEEP_AND_DONT_SET_FLAGS)
    OUT.mkdir(parents=True, exist_ok=True)
    font.flavor = "woff2"
    font.save(OUT / "portal.woff2")
    ranges = ", ".join(f"U+{ord(character):x}" for character in sorted(wanted))
    (OUT / "portal.css").write_text(FACE.format(ranges=ranges), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
