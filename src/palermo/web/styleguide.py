"""Every component on one page, with invented content: for looking at, and for the accessibility tests."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from palermo.web.changes import changes_of
from palermo.web.charts import Chart, Series
from palermo.web.errors import error_answer
from palermo.web.forms import DayInput, InlineRadio
from palermo.web.room import Due
from palermo.web.tables import Column, Link, Table

YES_NO = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]
FORMS_OF = [("sexual", "Sexual exploitation"), ("labour", "Forced labour"), ("begging", "Begging")]


class Example(forms.Form):
    code = forms.CharField(label="Case code", help_text="Letters and digits, as on the card.")
    seen_on = forms.DateField(label="Day of first contact", widget=DayInput)
    place = forms.ChoiceField(
        label="Kind of place", choices=[("", "Choose"), ("border", "Border crossing"), ("farm", "Farm")]
    )
    alone = forms.ChoiceField(label="Is the person alone with you?", choices=YES_NO, widget=InlineRadio)
    purposes = forms.MultipleChoiceField(
        label="Forms of exploitation", choices=FORMS_OF, widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(
        label="The person agreed to this conversation", help_text="Read the sentence aloud first."
    )
    words = forms.CharField(label="In the person's own words", widget=forms.Textarea, required=False)


YEARS = [str(year) for year in range(2014, 2023)]
AGES = ["0–8", "9–17", "18–25", "26–40", "41+"]


def charts() -> list[Chart]:
    return [
        Chart(
            "bar",
            "Detected victims by form of exploitation",
            [
                "Sexual exploitation",
                "Forced labour, servitude and slavery",
                "Forced criminal activity",
                "Removal of organs",
            ],
            [Series("Victims", [1412, 968, 77, None])],
            unit="persons, 2022",
            note="Invented figures.",
        ),
        Chart(
            "grouped",
            "Persons suspected, prosecuted and convicted",
            YEARS[-4:],
            [
                Series("Suspected", [310, 342, 298, 355]),
                Series("Prosecuted", [140, 152, 131, 149]),
                Series("Convicted", [61, 70, None, 66]),
            ],
            unit="persons",
        ),
        Chart(
            "stacked",
            "Detected victims by sex and age group",
            YEARS,
            [
                Series(n, [v + 11 * i * k for i in range(9)])
                for n, v, k in (("Women", 240, 1), ("Girls", 110, 2), ("Men", 90, 3))
            ]
            + [Series("Boys", [40, 44, 49, 41, 52, None, 61, 70, 66])],
            unit="persons",
        ),
        Chart(
            "line",
            "Detected victims by year",
            YEARS,
            [
                Series("Trafficking in persons", [410, 452, 498, 611, 580, 402, 533, 640, 702]),
                Series("Aggravated smuggling", [80, 91, 120, None, 140, 99, 130, 155, 171]),
            ],
            unit="persons",
        ),
        Chart(
            "pyramid",
            "Detected victims by age and sex",
            AGES,
            [Series("Female", [31, 190, 402, 288, 60]), Series("Male", [28, 96, 150, 201, None])],
            unit="persons",
        ),
    ]


def example_table() -> Table:
    columns = [
        Column("Form of exploitation"),
        Column("Women", numeric=True),
        Column("Girls", numeric=True),
        Column("Men", numeric=True),
    ]
    rows: list[list[Any]] = [
        [Link("Sexual exploitation", "#tables"), 1043, 318, 44],
        ["Forced labour", 264, 71, 633],
        ["Removal of organs", None, None, 9],
    ]
    return Table("Detected victims, 2022", columns, rows, totals=["All", 1310, 392, 686])


def components(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "empty_form": Example(),
        "wrong_form": Example({"code": "", "seen_on": "2026-13-40"}, prefix="wrong"),
        "charts": charts(),
        "table": example_table(),
        "due": [
            Due("Decide reasonable grounds for C-4F7K-22", "#due", now - timedelta(days=2)),
            Due("Plan review of C-9M2X-31", "#due", now + timedelta(hours=30)),
            Due("Monthly return to the coordinator", "#due", now + timedelta(days=12)),
        ],
        "events": [
            {"at": now - timedelta(days=9), "title": "Screening", "who": "First responder", "done": True},
            {
                "at": now - timedelta(days=8),
                "title": "Case opened",
                "text": "From the screening of the same day.",
                "done": True,
            },
            {"at": now, "title": "Reasonable grounds", "text": "Waits for the competent authority."},
        ],
        "facts": [
            ("Case", "C-4F7K-22"),
            ("State", "Presumed victim"),
            ("Interpreter needed", True),
            ("Nationality", None),
        ],
        "changes": changes_of(
            {"Risk": "medium", "Shelter": "none", "Interpreter": "Tigrinya"},
            {"Risk": "high", "Shelter": "none", "Interpreter": "Tigrinya"},
            {"Risk": "low", "Shelter": "emergency", "Interpreter": "Tigrinya"},
        ),
        "page": {
            "has_previous": True,
            "has_next": True,
            "before": "a",
            "after": "b",
            "words": "50 of 1,204 cases",
        },
        "late": now - timedelta(days=1),
        "soon": now + timedelta(days=1),
        "later": now + timedelta(days=20),
    }
    return render(request, "web/styleguide.html", context)


def error(request: HttpRequest, status: int) -> HttpResponse:
    changes = changes_of({"Risk": "medium"}, {"Risk": "high"}, {"Risk": "low"}) if status == 412 else ()
    return error_answer(request, status, state="reasonable grounds" if status == 409 else "", changes=changes)
