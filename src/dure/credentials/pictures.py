"""What a badge looks like: the PNG that its issuer gave, or a medal drawn here; and the same with the proof inside."""

import io
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from html import escape
from math import cos, pi, sin

from openbadgeslib.baking import ITXT_KEYWORD_OB3, SVG_ELEMENT_OB3, SVG_NS_OB3, bake_png, bake_svg
from PIL import Image, ImageDraw, UnidentifiedImageError

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.credentials.models import Kind, Version
from dure.store.shelves import Shelf

SHELF = Shelf("achievements")
MOST_BYTES = 2 * 1024 * 1024
SIDE, LEAST, MOST_SIDE = 600, 90, 4000
NO_PNG = Text(
    ko="90×90픽셀 이상 4,000×4,000픽셀 이하의 PNG 이미지를 올리세요.",
    en="Choose a PNG image of 90×90 to 4,000×4,000 pixels.",
)
COLOURS = {
    Kind.BADGE: ("#0b7a5b", "#d9f2e8"),
    Kind.CERTIFICATE: ("#1f5f99", "#dcebf8"),
    Kind.DEGREE: ("#6b2f7a", "#f0e2f4"),
    Kind.TITLE: ("#a35a00", "#fbead3"),
    Kind.LICENCE: ("#8a1f2d", "#f7dfe2"),
}
POINTS = 24  # of the medal's rim
SHADES = 48  # enough for its edges, and a quarter of the bytes


def kept(content: Iterable[bytes]) -> str:
    """Keep an image that somebody sent, drawn anew so that nothing but pixels stays; returns its SHA-256.

    Raises Flawed("credentials.image"), TooLarge, Refused("file.empty").
    """
    with SHELF.received(content, most=MOST_BYTES) as sent:
        clean = _drawn_anew(sent.path.read_bytes())
    with SHELF.received([clean], most=MOST_BYTES * 4) as made:
        SHELF.keep(made)
        return made.sha256


def _drawn_anew(data: bytes) -> bytes:
    try:
        image = Image.open(io.BytesIO(data), formats=["PNG"])
        if not all(LEAST <= side <= MOST_SIDE for side in image.size):
            raise Flawed("credentials.image", NO_PNG)
        image.thumbnail((SIDE, SIDE))
        return _bytes_of(image.convert("RGBA"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        raise Flawed("credentials.image", NO_PNG) from wrong


def png_of(version: Version) -> bytes:
    return SHELF.path_of(version.image).read_bytes() if version.image else _medal(Kind(version.achievement.kind))


def svg_of(version: Version) -> bytes:
    """A picture that tells what it is: the image, or the medal, with the name for who cannot see it."""
    data = b64encode(png_of(version)).decode()
    name = escape(f"{version.name_ko} ({version.name_en})")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" role="img"><title>{name}</title>'
        f'<image width="{SIDE}" height="{SIDE}" href="data:image/png;base64,{data}"/></svg>'
    ).encode()


def baked_png(version: Version, document: str) -> bytes:
    """The picture with the credential inside (Open Badges 3.0, 5.3.1)."""
    return bake_png(png_of(version), document, keyword=ITXT_KEYWORD_OB3)


def baked_svg(version: Version, document: str) -> bytes:
    """The same as SVG (5.3.2)."""
    return bake_svg(svg_of(version), document, element=SVG_ELEMENT_OB3, namespace=SVG_NS_OB3, as_text=True)


@cache
def _medal(kind: Kind) -> bytes:
    """A rim of points, a ring and a tick, in the colours of the kind; twice the size, so that edges are smooth."""
    dark, light = COLOURS[kind]
    side, middle = SIDE * 2, SIDE
    image = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(image)
    rim = [
        (middle + radius * cos(turn), middle + radius * sin(turn))
        for step in range(POINTS * 2)
        for radius, turn in [(580 if step % 2 else 535, step * pi / POINTS)]
    ]
    draw.polygon(rim, fill=dark)
    for radius, colour in ((470, light), (430, dark), (400, light)):
        draw.ellipse([middle - radius, middle - radius, middle + radius, middle + radius], fill=colour)
    tick = [(middle - 190, middle + 10), (middle - 50, middle + 150), (middle + 200, middle - 140)]
    draw.line(tick, fill=dark, width=86, joint="curve")
    for x, y in (tick[0], tick[-1]):
        draw.ellipse([x - 43, y - 43, x + 43, y + 43], fill=dark)
    smooth = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return _bytes_of(smooth.quantize(SHADES, method=Image.Quantize.FASTOCTREE))


def _bytes_of(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
