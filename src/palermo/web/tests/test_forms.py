"""Forms: each field has a label, help and errors are tied to it, and nothing is inline."""

import re
from datetime import date

from django import forms
from django.utils import translation

from palermo.web.forms import DayInput, InlineRadio


class Sample(forms.Form):
    code = forms.CharField(label="Code", help_text="As on the card.")
    day = forms.DateField(label="Day", widget=DayInput)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")])
    alone = forms.ChoiceField(label="Alone?", choices=[("y", "Yes"), ("n", "No")], widget=InlineRadio)
    many = forms.MultipleChoiceField(
        label="Many", choices=[("x", "X")], widget=forms.CheckboxSelectMultiple, required=False
    )
    sure = forms.BooleanField(label="Sure", help_text="Read it aloud.")
    words = forms.CharField(label="Words", widget=forms.Textarea(attrs={"class": "tall"}), required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_every_input_has_a_name_that_is_read_aloud() -> None:
    html = str(Sample())
    for name in ("code", "day", "kind", "sure", "words"):
        assert f'for="id_{name}"' in html
        assert f'id="id_{name}"' in html
    assert html.count("<fieldset") == html.count("<legend") == 2
    assert 'for="id_alone_0"' in html


def test_plain_widgets_get_the_class_of_their_kind_and_keep_their_own() -> None:
    html = str(Sample())
    assert re.search(r'<input type="text" name="code"[^>]*class="form-control"', html)
    assert re.search(r'<select name="kind"[^>]*class="form-select"', html)
    assert 'class="tall form-control"' in html
    assert 'type="hidden" name="token"' in html
    assert "form-control" not in re.findall(r'<input type="hidden"[^>]*>', html)[0]


def test_errors_are_listed_first_with_links_and_tied_to_their_fields() -> None:
    html = str(Sample({"code": "", "day": "2026-13-40", "kind": "a", "alone": "y"}))
    assert html.index("error-summary") < html.index("<fieldset")
    for target in re.findall(r'href="#([\w-]+)"', html):
        assert f'id="{target}"' in html, target
    assert 'aria-describedby="id_code_helptext id_code_error"' in html
    assert 'id="id_code_error"' in html
    assert html.count('aria-invalid="true"') >= 3


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    html = str(Sample())
    assert html.count("(optional)") == 2


def test_a_day_is_iso_for_the_browser_in_every_language() -> None:
    for language in ("en", "fr", "ar"):
        with translation.override(language):
            assert 'value="2026-03-09"' in str(Sample(initial={"day": date(2026, 3, 9)})["day"])


def test_nothing_inline_and_nothing_unescaped() -> None:
    html = str(Sample({"code": "<b>", "kind": '"><script>'}))
    assert not re.search(r"\sstyle=|\son\w+=|<script|<b>", html)


def test_what_is_typed_has_the_direction_of_its_own_words_and_boxes_begin_empty() -> None:
    html = str(Sample())
    assert re.search(r'<textarea name="words"[^>]*dir="auto"', html)
    assert re.search(r'<input type="text" name="code"[^>]*dir="auto"', html)
    assert "dir=" not in re.findall(r'<input type="date"[^>]*>', html)[0]

    class Theirs(forms.Form):
        login = forms.CharField(widget=forms.TextInput({"placeholder": "Username"}))
        month = forms.CharField(widget=forms.TextInput({"type": "month", "placeholder": "2010-04"}))

    assert "Username" not in str(Theirs()["login"])
    assert 'placeholder="2010-04"' in str(Theirs()["month"])
