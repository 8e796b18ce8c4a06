"""Text that somebody wrote, in Markdown or HTML, as HTML in which nothing of theirs runs and nothing is loaded from
elsewhere."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
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
    html = _lowered(_markdown(html=False).render(text))

    def kept(element: str, attribute: str, value: str) -> str | None:
        return _beside(value, files) if (element, attribute) == ("img", "src") else value

    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=kept, url_schemes=_LINKED)
    return mark_safe(clean)  # noqa: S308 -- nh3 cleaned it


def page_html(text: str, sort: str, *, files: str) -> SafeString:
    """A page in ``sort`` (markdown, in which HTML may stand, or html), with more of HTML than a lesson.

    Pictures are those at ``files/NAME``, found below the address ``files``, and those that stand in the text itself;
    of any other its description alone is there.
    """
    written = text if sort == "html" else _ALIGNED.sub(r'<\1 align="\2"', _markdown(html=True).render(text))

    def kept(element: str, attribute: str, value: str) -> str | None:
        if (element, attribute) == ("img", "src"):
            return value if value.startswith(_DRAWN) else _beside(value, files)
        if (element, attribute) == ("a", "href"):
            return None if value.startswith("data:") else _beside(value, files) or value
        return value

    clean = nh3.clean(
        _lowered(written), tags=_MORE_TAGS, clean_content_tags=_SILENT, attributes=_MORE_ATTRIBUTES,
        attribute_filter=kept, url_schemes=_LINKED | {"data"}, set_tag_attribute_values=_SCROLLED,
    )  # fmt: skip
    return mark_safe(clean)  # noqa: S308 -- nh3 cleaned it


def _lowered(html: str) -> str:
    return _FIRST.sub(r"<\1h2", html)


def _beside(value: str, files: str) -> str | None:
    return f"{files}{value.removeprefix(_HERE)}" if value.startswith(_HERE) and ".." not in value else None
