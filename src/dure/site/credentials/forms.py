"""What an issuer fills in: an achievement, whom to award it, why something holds no longer."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dure.core.text import Text
from dure.credentials.models import Kind, Version
from dure.credentials.operations import Content, Recognition
from dure.site import words
from dure.site.reading import SlugField
from dure.skills.models import Skill

MOST_SKILLS, MOST_MONTHS = 20, 1200
_SKILL = re.compile(r"^(?P<code>[^\s=]+)(?:\s*=\s*(?P<level>[1-5]))?$")


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AchievementForm(forms.Form):
    """What a version says, in both languages."""

    name_ko = forms.CharField(label=_("Name in Korean"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160)
    description_ko = forms.CharField(label=_("What it means, in Korean"), max_length=2000, widget=_lines(3))
    description_en = forms.CharField(label=_("What it means, in English"), max_length=2000, widget=_lines(3))
    criteria_ko = forms.CharField(label=_("What one has to do for it, in Korean"), max_length=4000, widget=_lines(3))
    criteria_en = forms.CharField(label=_("What one has to do for it, in English"), max_length=4000, widget=_lines(3))
    level = forms.CharField(
        label=_("Level"), max_length=80, required=False, help_text=_("Optional, as it is to be read.")
    )
    valid_months = forms.IntegerField(
        label=_("Valid for so many months"), min_value=1, max_value=MOST_MONTHS, required=False,
        help_text=_("Left empty, it never ends."),
    )  # fmt: skip
    skills = forms.CharField(
        label=_("Skills that it shows"), required=False, widget=_lines(3),
        help_text=_("Optional. The code of a skill a line, with its level from 1 to 5 if you know it: ml-basics = 3"),
    )  # fmt: skip
    image = forms.FileField(
        label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/png"}),
        help_text=_("Optional. A square PNG. Without one, a medal is drawn."),
    )  # fmt: skip
    signed_off = forms.BooleanField(
        label=_("A person signs each off before it is issued"), required=False, initial=True
    )
    recognised_by = forms.CharField(
        label=_("Recognised by"), max_length=160, required=False,
        help_text=_("Optional. The outside body that recognises it."),
    )  # fmt: skip
    recognised_from = forms.DateField(
        label=_("Recognised from"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("What is issued before that day is a certificate of the name below."),
    )  # fmt: skip
    before_ko = forms.CharField(label=_("Name before that day, in Korean"), max_length=160, required=False)
    before_en = forms.CharField(label=_("Name before that day, in English"), max_length=160, required=False)

    def clean_skills(self) -> dict[Skill, int | None]:
        """By skill its level; a line that names none says which."""
        found: dict[Skill, int | None] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["skills"].splitlines())):
            match = _SKILL.match(line)
            skill = Skill.objects.filter(code=match["code"], retired_in=None).first() if match else None
            if match is None or skill is None:
                raise ValidationError(gettext("There is no skill of this code: %(line)s"), params={"line": line})
            found[skill] = int(match["level"]) if match["level"] else None
        if len(found) > MOST_SKILLS:
            raise ValidationError(gettext("Name at most %(most)s skills."), params={"most": MOST_SKILLS})
        return found

    def content(self, *, image: str) -> Content:
        """``image``: the SHA-256 of its kept picture."""
        given = self.cleaned_data
        recognition = Recognition(given["recognised_by"], given["recognised_from"], _both(given, "before"))
        said = {name: _both(given, name) for name in ("name", "description", "criteria")}
        return Content(
            **said, level=given["level"], valid_months=given["valid_months"], image=image, recognition=recognition,
            skills=given["skills"],
        )  # fmt: skip

    @staticmethod
    def initial_of(version: Version) -> dict[str, Any]:
        """What the fields hold when a version is edited."""
        fields = set(AchievementForm.base_fields) - {"skills", "image", "signed_off"}
        rows = version.alignments.select_related("skill").order_by("pk")
        skills = "\n".join(f"{row.skill.code} = {row.level}" if row.level else row.skill.code for row in rows)
        told = {name: getattr(version, name) for name in fields}
        return {**told, "skills": skills, "signed_off": version.achievement.signed_off}


def _both(given: dict[str, Any], name: str) -> Text:
    return Text(ko=given[f"{name}_ko"].strip(), en=given[f"{name}_en"].strip())


class NewAchievementForm(AchievementForm):
    """An achievement with its code and kind, which stay."""

    field_order = ("kind", "code")
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, words.CREDENTIALS[kind]) for kind in Kind])
    code = SlugField(
        label=_("Code"), max_length=60, help_text=_("Its name in addresses: small letters, digits, hyphens. It stays.")
    )


class AwardForm(forms.Form):
    """Whom to award it, and on which ground."""

    ground = forms.CharField(
        label=_("On which ground"), max_length=100,
        help_text=_("Such as an edition: spring-2026. The same person is awarded it once for the same ground."),
    )  # fmt: skip
    people = forms.CharField(label=_("Email addresses"), required=False, widget=_lines(6), help_text=_("One a line."))
    file = forms.FileField(
        label=_("Or a spreadsheet"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV or XLSX with a column email."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why a credential does not hold, or holds again."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=_lines(2))
