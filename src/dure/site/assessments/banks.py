"""Banks as their examiners see them: questions written, found, brought in and out; papers; who examines."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.assessments import rules
from dure.assessments.content import Kind, raise_flaws
from dure.assessments.models import Bank, Paper, Question
from dure.assessments.operations import banks, papers
from dure.assessments.queries.banks import Sought, drawn_from, lines_of, questions_of, skills_by, stock_of, topics_of
from dure.assessments.tables import COLUMNS, Line, cells_of, read_question
from dure.audit.operations import record
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints.sheets import CONTENT_TYPES, csv_pieces, read_sent, write
from dure.people.models import Organisation, Person
from dure.site import assessment_words as labels
from dure.site import words
from dure.site.addresses import person_at
from dure.site.assessments.shown import previewed
from dure.site.desk.batches import streamed
from dure.site.flaws import JudgedForm
from dure.site.visitors import homes_of, id_from, person_of
from dure.skills.models import Skill

PAGE = 30
NO_BANK = Text(
    ko="찾으시는 문제은행이 없습니다. 문제은행 목록에서 확인하세요.",
    en="There is no such question bank. Look in the list of banks.",
)
NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to send.")
TALL = {"rows": 5}
BY_KIND = {
    Kind.SINGLE: ("choices_ko", "choices_en", "answer"), Kind.MULTIPLE: ("choices_ko", "choices_en", "answer"),
    Kind.ORDERING: ("choices_ko", "choices_en"), Kind.NUMERIC: ("answer", "tolerance", "units"),
    Kind.SHORT: ("answer",), Kind.CODE: ("cases", "seconds", "memory_mib", "starter"),
}  # fmt: skip
ANSWERS: dict[Kind, tuple[Any, Any]] = {
    Kind.NUMERIC: (_("Right number"), ""), Kind.SHORT: (_("Accepted answers"), _("One a line.")),
    Kind.SINGLE: (_("Right choice"), _("Its number, from 1.")),
    Kind.MULTIPLE: (_("Right choices"), _("Their numbers, between commas: 1, 3.")),
}  # fmt: skip


class QuestionForm(JudgedForm):
    """A question of one sort; the others' fields are left away."""

    key = forms.CharField(label=_("Key"), max_length=80, help_text=_("Names it in tables, such as ml-001."))
    topic = forms.CharField(label=_("Topic"), max_length=80)
    difficulty = forms.ChoiceField(label=_("Difficulty"), choices=list(labels.DIFFICULTIES.items()), initial="3")
    text_ko = forms.CharField(
        label=_("Question in Korean"), required=False, widget=forms.Textarea(attrs=TALL),
        help_text=_("Markdown. A picture of the bank: ![what it shows](files/picture.png)."),
    )  # fmt: skip
    text_en = forms.CharField(label=_("Question in English"), required=False, widget=forms.Textarea(attrs=TALL))
    choices_ko = forms.CharField(
        label=_("Choices in Korean"), required=False, widget=forms.Textarea(attrs=TALL), help_text=_("One a line.")
    )
    choices_en = forms.CharField(label=_("Choices in English"), required=False, widget=forms.Textarea(attrs=TALL))
    answer = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    tolerance = forms.CharField(label=_("Tolerance"), required=False, max_length=40)
    units = forms.CharField(
        label=_("Units"), required=False, max_length=200, help_text=_("Between commas; one of them must be written.")
    )
    cases = forms.CharField(
        label=_("Hidden cases"), required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_('What the program reads and must write: [{"input": "1 2", "output": "3"}].'),
    )  # fmt: skip
    seconds = forms.CharField(label=_("Seconds for each case"), required=False, initial="2", max_length=4)
    memory_mib = forms.CharField(label=_("Memory, in MiB"), required=False, initial="256", max_length=6)
    starter = forms.CharField(
        label=_("Code to begin with"), required=False, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
    )
    why_ko = forms.CharField(label=_("Explanation in Korean"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    why_en = forms.CharField(
        label=_("Explanation in English"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    skills = forms.CharField(
        label=_("Skills that the question shows"), required=False, max_length=1000,
        help_text=_("code=level (1 to 5), between commas."),
    )  # fmt: skip

    def __init__(self, kind: Kind, *args: Any, fixed: bool = False, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kind = kind
        other = {name for names in BY_KIND.values() for name in names} - set(BY_KIND[kind])
        for name in [*other, *(["key"] if fixed else [])]:
            del self.fields[name]
        if kind in ANSWERS:
            self.fields["answer"].label, self.fields["answer"].help_text = ANSWERS[kind]
        if kind is Kind.ORDERING:
            self.fields["choices_ko"].help_text = _("One a line, in the right order.")

    def told(self) -> dict[str, Any]:
        """What the operations take. Raises Flawed with the field of every flaw."""
        row: dict[str, str] = self.cleaned_data
        content, skills, flaws = read_question(self.kind, row)
        found = skills_by({code for code, _level in skills})
        raise_flaws([*flaws, *(("skills", one) for one in found.values() if isinstance(one, Text))])
        meant = {one: level for code, level in skills if isinstance(one := found[code], Skill)}
        return {
            "content": content, "topic": row["topic"].strip(), "difficulty": int(row["difficulty"]), "skills": meant,
        }  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The banks that one looks after; open another one."""
    person = person_of(request)
    homes = homes_of(person)
    form = BankForm(homes, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            return redirect("bank", banks.open_bank(homes[told.pop("organisation")], **told).pk)
        except Refused as refused:
            form.add_error("name_ko", words.say(refused.text))
    return render(request, "assessments/banks.html", {"banks": rules.kept_by(person), "form": form, "opens": homes})


class BankForm(forms.Form):
    organisation = forms.ChoiceField(label=_("Organisation"))
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160)

    def __init__(self, homes: dict[str, Organisation], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        choices = [(short, words.say(one.title)) for short, one in homes.items()]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them


@login_required
@require_safe
def show(request: HttpRequest, bank_id: UUID) -> HttpResponse:
    """A bank's questions."""
    bank, asked = bank_for(request, bank_id), request.GET
    told = {name: asked.get(name, "").replace("\0", "").strip()[:80] for name in ("topic", "difficulty", "kind")}
    sought = Sought(typed=asked.get("q", "").replace("\0", "").strip()[:80], retired="retired" in asked, **told)
    page: Page[Question] = Paginator(questions_of(bank, sought), PAGE).get_page(asked.get("page"))
    rows = [(question, words.say(question.content.text) or question.content.text.ko) for question in page]
    seen = {**frame_of(bank, "questions"), "page": page, "rows": rows, "sought": sought, "topics": topics_of(bank),
            "kinds": labels.KINDS, "difficulties": labels.DIFFICULTIES}  # fmt: skip
    return render(request, "assessments/bank.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest, bank_id: UUID, kind: str) -> HttpResponse:
    """Write a question of a sort."""
    bank = bank_for(request, bank_id)
    if kind not in set(Kind):
        raise Missing("bank.missing", NO_BANK)
    form = QuestionForm(Kind(kind), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _written(form, bank, by=person_of(request)):
        messages.success(request, gettext("The question is in the bank."))
        return redirect("bank", bank.pk)
    seen = {**frame_of(bank, "questions"), "form": form, "kind": kind}
    return render(request, "assessments/question_form.html", seen)


def _written(form: QuestionForm, bank: Bank, *, by: Person) -> bool:
    try:
        told = form.told()
        banks.write_question(bank, told.pop("content"), key=form.cleaned_data["key"].strip(), by=by, **told)
    except Refused as refused:
        if refused.code == "question.key":
            form.add_error("key", words.say(refused.text))
        else:
            form.show(refused)
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_question(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Change a question: what it asks becomes its next version."""
    question = question_for(request, question_id)
    bank, kind = question.bank, Kind(question.kind)
    form = QuestionForm(kind, request.POST if request.method == "POST" else None, fixed=True, initial=_cells(question))
    if request.method == "POST" and form.is_valid():
        try:
            told = form.told()
            banks.edit_question(question, told.pop("content"), by=person_of(request), **told)
            messages.success(request, gettext("Saved."))
            return redirect("question", question.pk)
        except Refused as refused:
            form.show(refused)
    seen = {
        **frame_of(bank, "questions"), "form": form, "kind": question.kind, "question": question,
        "one": previewed(question.content, bank), "versions": question.versions.order_by("-number")[:20],
    }  # fmt: skip
    return render(request, "assessments/question_form.html", seen)


def _cells(question: Question) -> dict[str, Any]:
    shows = question.shows.select_related("skill__taxonomy")
    skills = tuple((f"{row.skill.taxonomy.key}/{row.skill.code}", row.level) for row in shows)
    line = Line(1, question.key, question.topic, question.difficulty, question.content, skills)
    return dict(zip(COLUMNS, cells_of(line), strict=True))


@login_required
@require_POST
def retire(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Draw a question no more, or again."""
    question = question_for(request, question_id)
    if question.retired_at is None:
        banks.retire_question(question)
        messages.success(request, gettext("The question is drawn no more. Marks that were given by it stay."))
    else:
        banks.restore_question(question)
    return redirect("bank", question.bank_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, bank_id: UUID) -> HttpResponse:
    """Questions from a spreadsheet; looked at first, or taken in at once."""
    bank = bank_for(request, bank_id)
    seen: dict[str, Any] = {**frame_of(bank, "import"), "columns": COLUMNS}
    if request.method == "POST":
        check = "enter" not in request.POST
        try:
            file = request.FILES.get("file")
            if file is None:
                raise Flawed("import.file", NO_FILE, errors=[])
            table = read_sent(file)
            by = person_of(request)
            seen["taken"] = banks.take_table(bank, header=table.header, rows=table.rows, by=by, check_only=check)
        except Refused as refused:
            seen["refused"] = refused
        if "refused" not in seen and not check:
            messages.success(request, gettext("The questions are in the bank."))
            return redirect("bank", bank.pk)
    status = seen["refused"].status if "refused" in seen else 200
    return render(request, "assessments/bank_import.html", seen, status=status)


@login_required
@require_safe
def sheet(request: HttpRequest, bank_id: UUID, format_: str) -> HttpResponseBase:
    """All questions as a file that comes back as it went out."""
    bank = bank_for(request, bank_id)
    record("bank.read", bank, about=person_of(request))
    rows = (cells_of(line) for line in lines_of(bank))
    if format_ == "csv":
        return streamed(csv_pieces(COLUMNS, rows), "questions.csv")
    data = write(COLUMNS, rows, format=format_)
    name = f'attachment; filename="questions.{format_}"'
    return HttpResponse(data, content_type=CONTENT_TYPES[format_], headers={"Content-Disposition": name})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, bank_id: UUID) -> HttpResponse:
    """Its pictures, and who examines."""
    bank, person = bank_for(request, bank_id), person_of(request)
    appoints = rules.may_appoint(person, bank)
    if request.method == "POST":
        file = request.FILES.get("picture")
        if file is not None:
            banks.add_picture(bank, file.chunks(), name=file.name or "")
        elif appoints:
            _appoint(request, bank)
        return redirect("bank-settings", bank.pk)
    seen = {**frame_of(bank, "settings"), "appoints": appoints, "pictures": bank.pictures.all(),
            "examiners": bank.examiners.order_by("name_key", "pk")}  # fmt: skip
    return render(request, "assessments/bank_settings.html", seen)


def _appoint(request: HttpRequest, bank: Bank) -> None:
    if "end" in request.POST:
        gone = bank.examiners.filter(pk=id_from(request.POST["end"])).first()
        if gone is not None:
            banks.dismiss_examiner(bank, person=gone)
        return
    banks.appoint_examiner(bank, person=person_at(request.POST.get("email", "")))


# --- papers


class LineForm(forms.Form):
    """A line of a paper; one without a number asks nothing."""

    count = forms.IntegerField(label=_("Exam questions"), required=False, min_value=1, max_value=200)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    difficulty = forms.ChoiceField(
        label=_("Difficulty"), required=False, choices=[("", _("Any")), *labels.DIFFICULTIES.items()]
    )
    kind = forms.ChoiceField(label=_("Sort"), required=False, choices=[("", _("Any")), *labels.KINDS.items()])
    points = forms.DecimalField(
        label=_("Points each"), required=False, min_value=0, max_value=1000, decimal_places=2, initial=1
    )


class PaperForm(JudgedForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    shuffles = forms.BooleanField(
        label=_("Each candidate has the questions and choices in an order of their own"), required=False, initial=True
    )


@login_required
@require_safe
def all_papers(request: HttpRequest, bank_id: UUID) -> HttpResponse:
    """A bank's papers, and whether it can fill them."""
    bank = bank_for(request, bank_id)
    rows = bank.papers.prefetch_related("lines").order_by("name")[:50]
    told = [(paper, sum(line.count for line in paper.lines.all()), drawn_from(paper, seed=0).lacks) for paper in rows]
    seen = {**frame_of(bank, "papers"), "papers": told, "stock": stock_of(bank)}
    return render(request, "assessments/papers.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, bank_id: UUID, paper_id: UUID | None = None) -> HttpResponse:
    """Make or change a paper."""
    bank = bank_for(request, bank_id)
    found = bank.papers.filter(pk=paper_id).first() if paper_id else None
    if paper_id and found is None:
        raise Missing("bank.missing", NO_BANK)
    data = request.POST if request.method == "POST" else None
    form = PaperForm(data, initial={"name": found.name, "shuffles": found.shuffles} if found else None)
    lines = _line_forms(bank, found, data)
    if data is not None and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        try:
            _drawn_up(bank, found, form, lines)
            messages.success(request, gettext("Saved."))
            return redirect("papers", bank.pk)
        except Refused as refused:
            form.show(refused)
    seen = {**frame_of(bank, "papers"), "form": form, "lines": lines, "paper": found, "stock": stock_of(bank)}
    return render(request, "assessments/paper_form.html", seen)


def _line_forms(bank: Bank, found: Paper | None, data: Any) -> list[LineForm]:
    there = [
        {"count": line.count, "topic": line.topic, "difficulty": line.difficulty or "", "kind": line.kind,
         "points": line.points} for line in (found.lines.all() if found else ())
    ]  # fmt: skip
    topics = [("", gettext("Any")), *((topic, topic) for topic in topics_of(bank))]
    n = min(int(data.get("n", "6")), 40) if data and data.get("n", "6").isdecimal() else max(6, len(there) + 2)
    made = [LineForm(data, prefix=str(at), initial=there[at] if at < len(there) else None) for at in range(n)]
    for line in made:
        line.fields["topic"].choices = topics  # type: ignore[attr-defined]  # a ChoiceField has them
    return made


def _drawn_up(bank: Bank, found: Paper | None, form: PaperForm, lines: list[LineForm]) -> None:
    told = [line.cleaned_data for line in lines if line.cleaned_data.get("count")]
    draws = [
        papers.Draws(
            one["count"], one["points"] or Decimal(1), one["topic"], int(one["difficulty"] or 0) or None, one["kind"]
        )
        for one in told
    ]
    if found is None:
        papers.make_paper(bank, lines=draws, **form.cleaned_data)
    else:
        papers.change_paper(found, lines=draws, **form.cleaned_data)


# --- who may


def bank_for(request: HttpRequest, bank_id: UUID) -> Bank:
    """The bank, for its examiners. Raises Missing."""
    found = Bank.objects.select_related("organisation").filter(pk=bank_id).first()
    if found is None or not rules.may_keep(person_of(request), found):
        raise Missing("bank.missing", NO_BANK)
    return found


def question_for(request: HttpRequest, question_id: UUID) -> Question:
    rows = Question.objects.select_related("bank__organisation", "current")
    found = rows.filter(pk=question_id).first()
    if found is None or not rules.may_keep(person_of(request), found.bank):
        raise Missing("bank.missing", NO_BANK)
    return found


def frame_of(bank: Bank, tab: str) -> dict[str, Any]:
    """What the frame of a bank's pages shows."""
    return {"bank": bank, "tab": tab}
