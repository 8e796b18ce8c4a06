"""Text that somebody wrote, in Markdown or HTML, as HTML in which nothing of theirs runs and nothing is loaded from
elsewhere."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "em", "strong", "s", "code", "pre", "a", "blockquote",
         "table", "thead", "tbody", "tr", "th", "td", "img"}  # fmt: skip
_MORE_TAGS = _TAGS | {"h5", "h6", "b", "i", "u", "del", "ins", "sub", "sup", "small", "mark", "kbd", "samp", "var", "q",
                      "abbr", "cite", "div", "span", "center", "section", "article", "figure", "figcaption", "dl", "dt",
                      "dd", "details", "summary", "caption", "colgroup", "col", "tfoot"}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_MORE_ATTRIBUTES = _ATTRIBUTES | {
    "img": {"src", "alt", "title", "width", "height"}, "abbr": {"title"}, "details": {"open"}, "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "align"}, "th": {"colspan", "rowspan", "align", "scope"},
}  # fmt: skip
_SILENT = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"}  # with their contents
_SCROLLED = {"table": {"tabindex": "0"}, "pre": {"tabindex": "0"}}  # for the keyboard, where they are wide
_LINKED = {"http", "https", "mailto"}
_DRAWN = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,", "data:image/webp;base64,")
_HERE = "files/"
_FIRST = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_ALIGNED = re.compile(r'<(t[hd]) style="text-align:(left|center|right)"')  # as Markdown's tables are written


@lru_cache(maxsize=2)
def _markdown(*, html: bool) -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])


def as_html(text: str, *, files: str) -> SafeString:
    """Markdown as HTML; pictures are those beside the lesson alone (``files/NAME``), found below the address ``files``.

    Headings begin at the second order: the page's own title stands above them.
    """

    def kept(element: str, attribute: str, value: str) -> str | None:
        return _beside(value, files) if (element, attribute) == ("img", "src") else value

    return _cleaned(_markdown(html=False).render(text), kept, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_LINKED)


def page_html(text: str, format_: str, *, files: str) -> SafeString:
    """A page in ``format_`` (markdown, in which HTML may stand, or html), with more of HTML than a lesson.

    Pictures are those at ``files/NAME``, found below the address ``files``, and those that stand in the text itself;
    of any other its description alone is there.
    """
    written = text if format_ == "html" else _ALIGNED.sub(r'<\1 align="\2"', _markdown(html=True).render(text))

    def kept(element: str, attribute: str, value: str) -> str | None:
        if (element, attribute) == ("img", "src"):
            return value if value.startswith(_DRAWN) else _beside(value, files)
        if (element, attribute) == ("a", "href"):
            return None if value.startswith("data:") else _beside(value, files) or value
        return value

    return _cleaned(
        written, kept, tags=_MORE_TAGS, clean_content_tags=_SILENT, attributes=_MORE_ATTRIBUTES,
        url_schemes=_LINKED | {"data"}, set_tag_attribute_values=_SCROLLED,
    )  # fmt: skip


def _cleaned(html: str, kept: Callable[[str, str, str], str | None], **allowed: Any) -> SafeString:
    """What is left of it once all is gone that is not ``allowed``; headings begin at the second order."""
    return SafeString(nh3.clean(_FIRST.sub(r"<\1h2", html), attribute_filter=kept, **allowed))


def _beside(value: str, files: str) -> str | None:
    return f"{files}{value.removeprefix(_HERE)}" if value.startswith(_HERE) and ".." not in value else None
