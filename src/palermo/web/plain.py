"""A form whose messages say what is missing, in the words that stand beside the box."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LENGTHS = {
    "min_length": gettext_lazy(
        "A sentence of at least %(limit_value)s characters, so that others understand it."
    ),
    "max_length": gettext_lazy("At most %(limit_value)s characters; this has %(show_value)s."),
}
FROM_LIST = gettext_lazy("Choose from the list.")


def missing(field: forms.Field, label: str) -> str:
    """What to do about a field that was left empty."""
    label = label.rstrip(".:?؟ ")
    if isinstance(field, forms.BooleanField):
        return _("Confirm this, or go back.")
    if isinstance(field, forms.ChoiceField):
        return _("Choose: %(label)s.") % {"label": label}
    return _("“%(label)s” is missing.") % {"label": label}


class PlainForm(forms.Form):
    """What is missing is named, and a length is said as a sentence. Messages that a field brings itself stay."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            usual = field.default_error_messages | forms.Field.default_error_messages
            if field.error_messages.get("required") == usual["required"] and not field.widget.is_hidden:
                field.error_messages["required"] = missing(field, str(self[name].label))
            for code, words in LENGTHS.items():
                field.error_messages.setdefault(code, words)
            if "invalid_choice" in field.error_messages:
                field.error_messages["invalid_choice"] = FROM_LIST
        super().full_clean()
