"""How Django's forms look here: `{{ form }}` and `{{ field.as_field_group }}` give accessible markup."""

from pathlib import Path
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property

HERE = Path(__file__).resolve().parent / "templates"
DJANGO = Path(forms.__file__).resolve().parent / "templates"
SELECTS = {"django/forms/widgets/select.html"}
INPUTS = {
    f"django/forms/widgets/{name}.html"
    for name in (
        "text",
        "number",
        "email",
        "url",
        "password",
        "date",
        "datetime",
        "time",
        "textarea",
        "file",
        "input",
    )
}


class Renderer(DjangoTemplates):
    """Our templates first, then Django's own, then those of the rooms; classes on plain widgets."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"

    @cached_property
    def engine(self) -> Any:
        return self.backend(
            {"NAME": "palermo-forms", "APP_DIRS": True, "DIRS": [HERE, DJANGO], "OPTIONS": {}}
        )

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if widget := context.get("widget"):
            dress(widget, template_name)
        return str(super().render(template_name, context, request=request))


# What people type in words: its direction is that of its first letter, whatever the language of the page.
WORDS = {f"django/forms/widgets/{name}.html" for name in ("text", "textarea")}


def dress(widget: dict[str, Any], template_name: str) -> None:
    """Give a plain widget the class of its kind, after any class of its own, and its direction where it holds words.

    A text in the empty box looks like an answer and vanishes when one begins: labels and help say it instead. Only a
    month shows how it is written, for browsers that have no calendar for it.
    """
    own = "form-select" if template_name in SELECTS else "form-control" if template_name in INPUTS else ""
    attributes = widget["attrs"]
    present = str(attributes.get("class", "")).split()
    if own and own not in present:
        attributes["class"] = " ".join([*present, own])
    if template_name in WORDS:
        attributes.setdefault("dir", "auto")
    if widget.get("type") != "month":
        attributes.pop("placeholder", None)


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar. Its value is always ISO, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class InlineRadio(forms.RadioSelect):
    """Few short choices, side by side where there is room: yes, no, not known."""

    template_name = "web/forms/inline_radio.html"
