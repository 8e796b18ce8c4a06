"""A sentence in Korean and English: what people read is always both."""

from collections.abc import Mapping
from dataclasses import dataclass

from dure.core.particles import fill, settle


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in both languages."""

    ko: str
    en: str

    def __getitem__(self, language: str) -> str:
        """``text["en"]`` or ``text["ko"]``; any other language reads Korean (INTERFACE, Languages)."""
        return self.en if language.startswith("en") else self.ko

    def format(self, **values: object) -> "Text":
        """Both sentences with ``{names}`` filled, Korean particles after them chosen; a value may be a Text itself."""
        ko = {k: v.ko if isinstance(v, Text) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Text(ko=fill(self.ko, ko), en=self.en.format(**en))

    @classmethod
    def said(cls, *, ko: str, en: str) -> "Text":
        """A sentence that has its names already: its particles follow them (``‘x’은(는)``)."""
        return cls(ko=settle(ko), en=en)

    def as_dict(self) -> dict[str, str]:
        return {"ko": self.ko, "en": self.en}

    @classmethod
    def of(cls, value: Mapping[str, str]) -> "Text":
        return cls(ko=value["ko"], en=value["en"])
