"""Date and time for people: the language's own order, the 24-hour clock, the exact time for machines."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.forms import DateField
from django.utils import timezone, translation

from palermo.web.templatetags.palermo import moment, moment_words

FOUR = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day"), [("en", "22 Nov 2026"), ("fr", "22 novembre 2026"), ("ar", "22 نوفمبر، 2026")]
)
def test_a_moment_has_the_day_as_the_language_writes_it_and_the_minutes(language: str, day: str) -> None:
    with timezone.override(UTC), translation.override(language):
        said = moment_words(FOUR)
    assert day in said
    assert "04:00" in said


def test_a_moment_keeps_the_exact_time_for_machines() -> None:
    with timezone.override(UTC):
        assert moment(FOUR)
    assert 'datetime="2026-11-22T04:00:00+00:00"' in moment(FOUR)
    assert moment(None) == ""


def test_no_form_in_english_reads_a_day_that_could_be_another() -> None:
    with translation.override("en"):
        for text in ("2026-04-03", "3 Apr 2026", "3 April 2026"):
            assert DateField().clean(text) == date(2026, 4, 3)
        with pytest.raises(ValidationError):
            DateField().clean("03/04/2026")
