"""A form for some fields of the record, made of the types of its dataclasses; it gives back what JSON holds."""

from collections.abc import Mapping, Sequence
from dataclasses import Field
from datetime import date
from typing import Any, get_args, get_origin

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.judgments.reading import FORMS
from palermo.judgments.record import STATES as STATE_CODES
from palermo.judgments.record import Case, Stated
from palermo.judgments.sections import Section, fields_of, group_of
from palermo.judgments.vocabulary import labels
from palermo.rooms.caselaw.forms.words import HELP, KINDS, STATES, label_of, word
from palermo.standards import countries
from palermo.web.forms import DayInput

LONG = (
    "facts",
    "reasoning",
    "significance",
    "reasons",
    "obstacles",
    "as_stated",
    "role_as_stated",
    "provenance",
)
YES_NO, WHOLE = ("child", "suspended", "untoc_used"), ("age",)
BY_MACHINE = ("key", "coder", "vocabulary", "kind")  # of codings; a new party is given its key
Part = tuple[Field[Any], Any]


class PartForm(forms.Form):
    """The fields that are given, in their order; `seen` is the fingerprint of the section as it was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(
        self, *args: Any, parts: Sequence[Part], choices: Mapping[str, Any], held: Mapping[str, Any], seen: str,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.initial["seen"] = seen
        for one, hint in parts:
            self._add(one, hint, choices)
            self._fill(one.name, hint, held.get(one.name))

    def _add(self, one: Field[Any], hint: Any, choices: Mapping[str, Any]) -> None:
        name = one.name
        if hint is Stated:
            shown = [(code, STATES[code]) for code in ("unknown", "stated", "not_stated", "not_applicable")]
            label = _("%(field)s: what the source says") % {"field": label_of(name)}
            self.fields[f"{name}__state"] = forms.ChoiceField(label=label, choices=shown, initial="unknown")
            self.fields[name] = _value_field(name)
            own = _("%(field)s, in the words of the source") % {"field": label_of(name)}
            self.fields[f"{name}__as_stated"] = forms.CharField(label=own, required=False, max_length=2000)
        elif name in choices:
            self.fields[name] = forms.ChoiceField(label=label_of(name), choices=choices[name])
        else:
            self.fields[name] = _field(one, hint)
        self.fields[name].help_text = HELP.get(name, "")

    def _fill(self, name: str, hint: Any, value: Any) -> None:
        if value is None:
            return
        if hint is Stated:
            held = value["value"]
            self.initial[name] = {True: "yes", False: "no"}[held] if isinstance(held, bool) else held
            self.initial.update({f"{name}__state": value["state"], f"{name}__as_stated": value["as_stated"]})
        elif get_origin(hint) is tuple:
            self.initial[name] = (", " if _codes_of_countries(name) else "\n").join(value)
        else:
            self.initial[name] = value

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for one, hint in self.parts:
            if hint is Stated and (given.get(f"{one.name}__state") == "stated") != _told(given.get(one.name)):
                self.add_error(one.name, _("Give a value where it is stated, and only there."))
        if (given.get("count_max") or 0) < (given.get("count_min") or 0):
            self.add_error("count_max", _("This is fewer than the least."))
        return given

    def values(self) -> dict[str, Any]:
        """What JSON holds of these fields."""
        found = {one.name: self._value(one.name, hint) for one, hint in self.parts}
        kind, colon, code = str(found.get("concept", "")).partition(":")
        return found | ({"kind": kind, "concept": code} if colon else {})

    def _value(self, name: str, hint: Any) -> Any:
        value = self.cleaned_data.get(name)
        if hint is Stated:
            held = {"yes": True, "no": False}.get(str(value), value) if name in YES_NO else value
            stated = self.cleaned_data[f"{name}__state"]
            as_stated = self.cleaned_data[f"{name}__as_stated"]
            return {"state": stated, "value": held if _told(value) else None, "as_stated": as_stated}
        if get_origin(hint) is tuple:
            pieces = str(value or "").replace(",", "\n") if _codes_of_countries(name) else str(value or "")
            return [piece.strip() for piece in pieces.splitlines() if piece.strip()]
        if isinstance(value, date):
            return value.isoformat()
        if hint is int:
            return int(value or 0)
        return ("" if hint is str else None) if value is None else value


def _told(value: Any) -> bool:
    return value is not None and value != ""


def _codes_of_countries(name: str) -> bool:
    return name in ("countries", "nationalities")


def _value_field(name: str) -> forms.Field:
    label = label_of(name)
    if name in YES_NO:
        return forms.ChoiceField(
            label=label, required=False, choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))]
        )
    if name in WHOLE:
        return forms.IntegerField(label=label, required=False, min_value=0, max_value=120)
    return forms.CharField(label=label, required=False, max_length=200)


def _field(one: Field[Any], hint: Any) -> forms.Field:
    name, form, language = one.name, one.metadata.get("form"), get_language() or "en"
    label, needed = label_of(name), one.name in ("title", "language", "country", "facts")
    codes, kind = one.metadata.get("codes"), one.metadata.get("vocabulary")
    if codes or kind:
        known = codes if codes else ("", *labels(str(kind)))
        shown = [(code, word(name if code else "", code, language)) for code in known]
        return forms.ChoiceField(label=label, choices=shown, required="" not in known, initial=one.default)
    if get_origin(hint) is tuple:
        area = forms.TextInput({"dir": "ltr"}) if _codes_of_countries(name) else forms.Textarea({"rows": 3})
        return forms.CharField(label=label, required=False, max_length=20_000, widget=area)
    if hint is bool:
        return forms.BooleanField(label=label, required=False)
    if hint is int:
        return forms.IntegerField(label=label, min_value=1, max_value=100_000, initial=1)
    if float in get_args(hint):
        return forms.FloatField(label=label, required=False, min_value=0, max_value=1e15)
    if form == "date":
        return forms.DateField(label=label, required=False, widget=DayInput())
    if form == "country":
        return forms.ChoiceField(label=label, choices=_countries(language))
    area = forms.Textarea({"rows": 8 if name == "facts" else 4}) if name in LONG else forms.TextInput()
    made = forms.CharField(
        label=label, required=needed, max_length=100_000 if name in LONG else 500, widget=area
    )
    if form:
        made.widget.attrs["dir"] = "ltr"
        made.validators.append(_formed(form))
    return made


def _formed(form: str) -> Any:
    def check(value: str) -> None:
        if not FORMS[form][0](value):
            raise forms.ValidationError(_("This is not written as it should be."))

    return check


def _countries(language: str) -> list[tuple[str, str]]:
    named = sorted(
        ((code, one.name(language)) for code, one in countries().items()), key=lambda pair: pair[1]
    )
    return [("", "–"), *named, ("XPA", "XPA")]


def form_for(
    section: Section, record: Mapping[str, Any], seen: str, *, row: int | None = None, data: Any = None
) -> PartForm:
    """The form of a section's plain fields; with `row`, of one group of its list (0: a new one)."""
    if row is None:
        return PartForm(data, parts=fields_of(Case, section.fields), choices={}, held=record, seen=seen)
    held = record[section.rows][row - 1] if row else {}
    parts = [(one, hint) for one, hint in fields_of(group_of(section.rows)) if not _made(one.name, section)]
    choices = _choices(section, record)
    if section.kinds and held:
        held = held | {"concept": f"{held['kind']}:{held['concept']}"}
    return PartForm(data, parts=parts, choices=choices, held=held, seen=seen)


def begin_form(data: Any = None) -> PartForm:
    """The least of a record."""
    names = ("title", "language", "country", "facts")
    return PartForm(data, parts=fields_of(Case, names), choices={}, held={}, seen="-")


def _made(name: str, section: Section) -> bool:
    return name in BY_MACHINE[:1] or (bool(section.kinds) and name in (*BY_MACHINE, "date"))


def _choices(section: Section, record: Mapping[str, Any]) -> dict[str, Any]:
    """What is chosen of the rest of the record, and of the vocabulary in groups."""
    language = get_language() or "en"
    accused = [
        (one["key"], f"{one['key']} {one['label']}")
        for one in record["parties"]
        if one["side"] == "defendant"
    ]
    stages = [(n, f"{n}. {one['court']}") for n, one in enumerate(record["stages"], 1)] or [(1, "1")]
    charges = [
        (n, f"{n}. {one['defendant']}: {one['offence']}") for n, one in enumerate(record["charges"], 1)
    ]
    found: dict[str, Any] = {
        "charges": {"defendant": accused, "stage": stages},
        "sentences": {"defendant": accused, "charge": [(0, _("All charges")), *charges]},
    }.get(section.rows, {})
    if section.kinds:
        found = {"concept": [
            (KINDS[kind], [(f"{kind}:{code}", word(kind, code, language)) for code in labels(kind)])
            for kind in section.kinds
        ]}  # fmt: skip
    return found


assert set(STATE_CODES) == set(STATES)
