"""Markdown of course pages as HTML, in which nothing runs that somebody wrote into it."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "em", "strong", "s", "code", "pre", "a", "blockquote",
         "table", "thead", "tbody", "tr", "th", "td", "img"}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_HERE = "files/"


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def as_html(text: str, *, files: str) -> SafeString:
    """``text`` as HTML; pictures are those beside the lesson alone (``files/NAME``), found below the address ``files``.

    Headings begin at the second order: the page's own title stands above them.
    """
    html = _markdown().render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")

    def kept(element: str, attribute: str, value: str) -> str | None:
        if (element, attribute) == ("img", "src"):
            return f"{files}{value.removeprefix(_HERE)}" if value.startswith(_HERE) and ".." not in value else None
        return value

    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=kept, url_schemes={"http", "https", "mailto"}
    )
    return mark_safe(clean)  # noqa: S308 -- nh3 cleaned it
