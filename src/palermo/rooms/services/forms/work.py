"""The small forms: places, admissions, the confidential address, needs, reviews."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.rooms.services.models import AddressPurpose, Places, Review
from palermo.rooms.services.queries.labels import area_names, group_name, options
from palermo.rooms.services.queries.reviewing import checklist
from palermo.web.forms import DayInput, InlineRadio


def choose(list_id: str) -> list[tuple[str, str]]:
    return [("", _("Choose")), *options(list_id)]


class CapacityForm(forms.Form):
    """How many places are free now: one number for each group, and one tap."""

    def __init__(self, *args: Any, places: list[Places], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = [row for row in places if row.total]
        for row in self.places:
            most = max(0, row.total - row.taken)
            self.fields[f"free_{row.group}"] = forms.IntegerField(
                label=group_name(row),
                min_value=0,
                max_value=most,
                initial=row.free,
                widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
                help_text=_("of %(total)s; %(taken)s taken here") % {"total": row.total, "taken": row.taken},
            )
            self.fields[f"version_{row.group}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row.version
            )

    def free(self) -> dict[str, int]:
        return {row.group: self.cleaned_data[f"free_{row.group}"] for row in self.places}

    def versions(self) -> dict[str, int]:
        return {row.group: self.cleaned_data[f"version_{row.group}"] for row in self.places}


class TotalsForm(forms.Form):
    """How many places there are, for each group; 0 or empty: none."""

    def __init__(self, *args: Any, places: list[Places], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = {row.group: row.total for row in places}
        for code, words in options("palermo/place_group"):
            self.fields[code] = forms.IntegerField(
                label=words, required=False, min_value=0, max_value=2000, initial=now.get(code)
            )

    def totals(self) -> dict[str, int]:
        return {code: value or 0 for code, value in self.cleaned_data.items()}


class AdmitForm(forms.Form):
    """Give a place to a case that one holds."""

    case = forms.CharField(
        label=gettext_lazy("Code of the case"),
        max_length=12,
        help_text=gettext_lazy("Like C-7K3Q-94. You can admit only a case that you or your team hold."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    group = forms.ChoiceField(label=gettext_lazy("Place for"), widget=forms.RadioSelect)
    until = forms.DateField(label=gettext_lazy("Expected until"), required=False, widget=DayInput)
    care = forms.MultipleChoiceField(
        label=gettext_lazy("Needs of care"), required=False, widget=forms.CheckboxSelectMultiple
    )
    over_reason = forms.CharField(
        label=gettext_lazy("If there is no free place: why one more is taken in"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("It stays on record. No names."),
    )

    def __init__(self, *args: Any, places: list[Places], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = gettext_lazy("%(group)s: %(free)s free")
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            (row.group, words % {"group": group_name(row), "free": row.free}) for row in places if row.total
        ]
        self.fields["care"].choices = options("palermo/care_flag")  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """Why somebody leaves."""

    leaving = forms.ChoiceField(label=gettext_lazy("Reason of leaving"), widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaving"].choices = options("palermo/leaving_reason")  # type: ignore[attr-defined]


class RevealForm(forms.Form):
    """What a confidential address is needed for."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"), choices=[("", gettext_lazy("Choose")), *AddressPurpose.choices]
    )
    explanation = forms.CharField(
        label=gettext_lazy("In a sentence"),
        help_text=gettext_lazy("Kept with the service, beside your name. No names in it."),
        min_length=10,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )
    once = forms.CharField(widget=forms.HiddenInput)


class ShareForm(forms.Form):
    """With which organisation, until when, what for."""

    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    until = forms.DateField(label=gettext_lazy("Until"), widget=DayInput)
    purpose = forms.CharField(label=gettext_lazy("What they need it for"), min_length=5, max_length=200)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("Choose")), *organisations]  # type: ignore[attr-defined]

    def end(self) -> datetime:
        """The last moment of the chosen day."""
        return datetime.combine(self.cleaned_data["until"], time.max, tzinfo=UTC)


class NeedForm(forms.Form):
    """Something that the person needs: codes only."""

    kind = forms.ChoiceField(label=gettext_lazy("What is needed"))
    urgency = forms.ChoiceField(label=gettext_lazy("How urgent"), widget=InlineRadio)
    since = forms.DateField(label=gettext_lazy("Since"), required=False, widget=DayInput)
    area = forms.ChoiceField(label=gettext_lazy("Area where it is needed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = choose("palermo/service_kind")
        fields["urgency"].choices = options("palermo/need_urgency")
        fields["area"].choices = [("", _("Not recorded")), *area_names().items()]


class NeedFilterForm(forms.Form):
    """Among the open needs of one's cases."""

    case = forms.CharField(
        label=gettext_lazy("Code of a case"),
        required=False,
        max_length=12,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    urgency = forms.ChoiceField(label=gettext_lazy("How urgent"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What is needed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["urgency"].choices = [("", _("All")), *options("palermo/need_urgency")]
        fields["kind"].choices = [("", _("All")), *options("palermo/service_kind")]


class WantForm(forms.Form):
    """Whom a service is looked for. Not stored."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), required=False)
    age = forms.IntegerField(label=gettext_lazy("Age"), required=False, min_value=0, max_value=120)
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    family = forms.BooleanField(label=gettext_lazy("A family together"), required=False)
    step_free = forms.BooleanField(label=gettext_lazy("Without steps"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        unknown = [("", _("Not known"))]
        sexes = [choice for choice in options("palermo/sex") if choice[0] in ("female", "male")]
        fields["language"].choices = unknown + sorted(options("palermo/language"), key=lambda row: row[1])
        fields["sex"].choices = unknown + sexes
        fields["area"].choices = unknown + list(area_names().items())

    def wanted(self) -> dict[str, Any]:
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}


class PlanForm(forms.Form):
    service = forms.UUIDField(widget=forms.HiddenInput)
    planned_for = forms.DateField(label=gettext_lazy("Planned for"), required=False, widget=DayInput)


class DeliveryForm(forms.Form):
    """What happened with a planned service."""

    state = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        widget=forms.RadioSelect,
        choices=(
            ("started", gettext_lazy("It has started")),
            ("delivered", gettext_lazy("It was delivered")),
            ("stopped", gettext_lazy("It was stopped")),
        ),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it went"),
        required=False,
        help_text=gettext_lazy("Ask the person. Needed when it was delivered or stopped."),
    )
    on = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DayInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = choose("palermo/delivery_outcome")  # type: ignore[attr-defined]


class UnmetForm(forms.Form):
    """Why a need cannot be met now."""

    reason = forms.ChoiceField(label=gettext_lazy("Why it is not met"), widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = options("palermo/unmet_reason")  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    since = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until = forms.DateField(label=gettext_lazy("Until"), widget=DayInput)


class BeginReviewForm(forms.Form):
    visited_on = forms.DateField(label=gettext_lazy("Day of the visit"), widget=DayInput)


class ReviewForm(forms.Form):
    """The checklist: one answer for each standard."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label=gettext_lazy("Summary"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = []
        answers = options("palermo/standard_answer")
        for section in checklist():
            for code, words in section.standards:
                self.codes.append(code)
                self.fields[code] = forms.ChoiceField(
                    label=words, required=False, choices=answers, widget=InlineRadio
                )

    @classmethod
    def of(cls, review: Review) -> "ReviewForm":
        return cls(initial={**review.answers, "summary": review.summary, "version": review.version})

    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.codes if self.cleaned_data.get(code)}

    def sections(self) -> list[tuple[str, list[Any]]]:
        return [(part.title, [self[code] for code, _words in part.standards]) for part in checklist()]


class FindingsForm(forms.Form):
    """For each standard that is not met: what was found, and by when it is put right."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, standards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standards = standards
        for code, words in standards:
            self.fields[f"words-{code}"] = forms.CharField(
                label=words, min_length=5, max_length=600, help_text=_("What was found. No names.")
            )
            self.fields[f"due-{code}"] = forms.DateField(label=_("Put right by"), widget=DayInput)

    def findings(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {code: (given[f"words-{code}"], given[f"due-{code}"]) for code, _words in self.standards}


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("What was done"), min_length=5, max_length=600, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
