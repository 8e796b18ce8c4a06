"""Pages of text at the desk: written with a preview, put in order, shown or not, and brought back as they once were."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.bundles.pages import USUAL, pictures
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.programmes.files import MOST_FILE
from dure.programmes.models import TERMS, PageFormat, Programme, ProgrammePage
from dure.programmes.operations import pages as operations
from dure.programmes.operations.pages import Said
from dure.programmes.queries.pages import current, files_of, removed_from, titles_of
from dure.site import words
from dure.site.desk.outlines import OUTLINES
from dure.site.flaws import JudgedForm
from dure.site.markdown import page_html
from dure.site.middleware import is_part
from dure.site.programmes.pages import files_at, html_of
from dure.site.reading import SlugField, number_from
from dure.site.visitors import desk_for, id_from, person_of

MIB = 1 << 20
FORMATS = {PageFormat.MARKDOWN: _("Markdown"), PageFormat.HTML: _("HTML")}
_NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to add.")
GONE = Text(
    ko="이 페이지를 찾을 수 없습니다. 데스크의 ‘페이지’에서 고르세요.",
    en="This page is not there. Choose one under Pages at the desk.",
)


class PageForm(JudgedForm):
    """Both languages side by side; one is enough. ``after``: the revision that the writer saw."""

    name = SlugField(
        label=_("Address"), max_length=60,
        help_text=_("Small letters, digits and hyphens. The page “terms” is shown to whoever enters."),
    )  # fmt: skip
    title_ko = forms.CharField(label=_("Title in Korean"), required=False, max_length=100)
    title_en = forms.CharField(label=_("Title in English"), required=False, max_length=100)
    format = forms.ChoiceField(
        label=_("Written in"), choices=list(FORMATS.items()),
        help_text=_("In Markdown, HTML may stand as well. Scripts, styles and forms are left out of both."),
    )  # fmt: skip
    text_ko = forms.CharField(
        label=_("Text in Korean"), required=False, strip=False, widget=forms.Textarea({"rows": 16})
    )
    text_en = forms.CharField(
        label=_("Text in English"), required=False, strip=False, widget=forms.Textarea({"rows": 16}),
        help_text=_("What is empty is shown in the other language."),
    )  # fmt: skip
    is_shown = forms.BooleanField(label=_("Show it to everybody who sees the programme"), required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, page: ProgrammePage | None, *sent: Any, **known: Any) -> None:
        super().__init__(*sent, **known)
        if page is not None:
            del self.fields["name"]

    @property
    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in Said.__dataclass_fields__})


@login_required
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The pages in their order, those that were removed, and their files."""
    programme = desk_for(request, slug)
    there = titles_of(programme, everything=True)
    names = {one.page.name for one in there}
    seen = {
        "programme": programme, "tab": "pages", "pages": there, "files": files_of(programme),
        "removed": removed_from(programme),
        "usual": [(name, USUAL[name]) for name in OUTLINES if name not in names],
        "most": MOST_FILE // MIB,
    }  # fmt: skip
    return render(request, "desk/pages.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A page, begun with the headings of the usual one that the address names."""
    programme = desk_for(request, slug)
    form = PageForm(None, request.POST.dict() or None, initial=_begun(request.GET.get("name", "")))
    if "look" in request.POST:
        return _preview(request, programme, form, None)
    if request.method == "POST" and form.submit(lambda told: _write(request, programme, form, told)):
        return redirect("desk-pages", slug)
    return render(request, "desk/page.html", _writing(programme, form, None))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, page_id: UUID) -> HttpResponse:
    """Change what a page says. Of two who do so at once the second is told, and keeps what they wrote."""
    programme = desk_for(request, slug)
    page = _page(programme, page_id)
    now = current(page)
    known = {**asdict(Said.of(now)), "is_shown": page.is_shown, "after": now.number}
    form = PageForm(page, request.POST.dict() or None, initial=known)
    if "look" in request.POST:
        return _preview(request, programme, form, page)
    if request.method == "POST" and form.submit(lambda told: _rewrite(request, page, form, told)):
        return redirect("desk-pages", slug)
    return render(request, "desk/page.html", _writing(programme, form, page))


def _write(request: HttpRequest, programme: Programme, form: PageForm, told: dict[str, Any]) -> None:
    by = person_of(request)
    try:
        operations.write_page(programme, name=told["name"], said=form.said, by=by, is_shown=told["is_shown"])
    except Flawed:
        raise
    except Refused as taken:
        raise Flawed(taken.code, taken.text, errors=[{"field": "name", **taken.text.as_dict()}]) from None
    messages.success(request, gettext("The page is there."))


def _rewrite(request: HttpRequest, page: ProgrammePage, form: PageForm, told: dict[str, Any]) -> None:
    """Where another revision came between, saving once more replaces it."""
    by, after = person_of(request), told["after"] or 0
    try:
        with transaction.atomic():
            operations.rewrite_page(page, said=form.said, by=by, after=after)
            operations.show_page(page, shown=told["is_shown"], by=by)
    except Flawed:
        raise
    except Refused as changed:
        form.data = {**form.data, "after": str(changed.facts.get("revision", after))}
        raise Flawed(changed.code, changed.text) from None
    messages.success(request, gettext("Saved."))


def _begun(name: str) -> dict[str, Any]:
    usual, outline = USUAL.get(name), OUTLINES.get(name, Text(ko="", en=""))
    titles = {"title_ko": usual.ko, "title_en": usual.en} if usual else {}
    return {"name": name, **titles, "text_ko": outline.ko, "text_en": outline.en, "is_shown": True}


def _writing(programme: Programme, form: PageForm, page: ProgrammePage | None) -> dict[str, Any]:
    is_terms = page is not None and page.name == TERMS
    return {
        "programme": programme, "tab": "pages", "form": form, "page": page, "files": files_of(programme),
        "agreed": programme.cases_entered if is_terms else 0,
    }  # fmt: skip


def _preview(request: HttpRequest, programme: Programme, form: PageForm, page: ProgrammePage | None) -> HttpResponse:
    """As readers of each language will see it; nothing is kept."""
    form.is_valid()
    told, files = form.cleaned_data, files_at(programme)
    texts = {language: told.get(f"text_{language}", "").replace("\0", "") for language in ("ko", "en")}
    known = {file.name for file in files_of(programme)}
    shown = [one for text in texts.values() for one in pictures(text)]
    seen = {
        "looks": [(language, told.get(f"title_{language}", ""), page_html(text, told.get("format", ""), files=files))
                  for language, text in texts.items() if text.strip()],
        "lacking": [one for one in shown if one.startswith("files/") and one.removeprefix("files/") not in known],
        "away": [one for one in shown if not one.startswith(("files/", "data:"))],
    }  # fmt: skip
    if is_part(request):
        return render(request, "desk/page_look.html", seen)
    return render(request, "desk/page.html", {**_writing(programme, form, page), **seen, "looked": True})


@login_required
@require_safe
def past(request: HttpRequest, slug: str, page_id: UUID) -> HttpResponse:
    """What the page said before, the newest first, one of them in full."""
    programme = desk_for(request, slug)
    page = _page(programme, page_id)
    rows = page.revisions.select_related("written_by").order_by("-number").defer("text_ko", "text_en")
    asked = number_from(request.GET.get("number", "")) or page.revision
    said = page.revisions.filter(number=asked).select_related("written_by").first()
    if said is None:
        raise Missing("page.missing", GONE)
    seen = {
        "programme": programme, "tab": "pages", "page": page, "rows": rows, "said": said,
        "html": html_of(programme, said), "spoken": said.spoken(words.language()),
    }  # fmt: skip
    return render(request, "desk/page_past.html", seen)


@login_required
@require_POST
def act(request: HttpRequest, slug: str, page_id: UUID) -> HttpResponse:
    """Move it, show it or not, remove it, bring it or what it once said back."""
    programme, by = desk_for(request, slug), person_of(request)
    page = _page(programme, page_id)
    if "move" in request.POST:
        _move(programme, page, step=-1 if request.POST["move"] == "up" else 1, request=request)
    elif "show" in request.POST:
        operations.show_page(page, shown=request.POST["show"] == "yes", by=by)
    elif "remove" in request.POST:
        operations.remove_page(page, by=by)
        messages.success(request, gettext("The page is removed. It stands below, and comes back with one click."))
    elif "restore" in request.POST:
        operations.restore_page(page, by=by)
        messages.success(request, gettext("The page is back."))
    elif number := number_from(request.POST.get("back", "")):
        _bring_back(request, page, number)
    return redirect("desk-pages", slug)


def _bring_back(request: HttpRequest, page: ProgrammePage, number: int) -> None:
    if not page.revisions.filter(number=number).exists():
        raise Missing("page.missing", GONE)
    made = operations.bring_back(page, number=number, by=person_of(request))
    said = gettext("The page says again what it said in revision %(number)s; this is revision %(now)s.")
    messages.success(request, said % {"number": number, "now": made.number})


def _move(programme: Programme, page: ProgrammePage, *, step: int, request: HttpRequest) -> None:
    names = [one.page.name for one in titles_of(programme, everything=True)]
    if page.name in names:
        at = names.index(page.name)
        names.insert(max(0, min(at + step, len(names) - 1)), names.pop(at))
        operations.order_pages(programme, names=names, by=person_of(request))


@login_required
@require_POST
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a file for the pages, or take one away."""
    programme, by = desk_for(request, slug), person_of(request)
    gone = programme.page_files.filter(pk=id_from(request.POST.get("detach"))).first()
    if gone is not None:
        operations.detach_page_file(gone, by=by)
        messages.success(request, gettext("The file is taken away."))
    else:
        file = request.FILES.get("file")
        if file is None:
            raise Flawed("page.file", _NO_FILE)
        made = operations.attach_page_file(programme, file.chunks(), name=file.name or "", by=by)
        said = gettext("The file is there. Write files/%(name)s where a page shows it.")
        messages.success(request, said % {"name": made.name})
    return redirect("desk-pages", slug)


def _page(programme: Programme, page_id: UUID) -> ProgrammePage:
    found = programme.pages.filter(pk=page_id).first()
    if found is None:
        raise Missing("page.missing", GONE)
    return found
