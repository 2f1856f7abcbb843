"""What the database refuses, in words: each constraint of this room has its sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.errors import FieldProblem, Invalid

# constraint -> (field of the form, sentence)
SENTENCES = {
    "in_doubt_a_child": (
        "conclusion",
        gettext_lazy("In doubt a child: “adult” only when even the lowest age is 18."),
    ),
    "no_adult_without_informed_assessment": (
        "informed",
        gettext_lazy("Explain the assessment first, in a language that is understood."),
    ),
    "ages_are_in_order": ("highest", gettext_lazy("The highest age is not below the lowest.")),
    "a_place_is_away_from_the_exploiters": (
        "away",
        gettext_lazy("Choose a place that the alleged exploiters do not know and cannot reach."),
    ),
    "family_is_checked_before_the_child_is_given_to_it": (
        "family_checked",
        gettext_lazy("Check the family first."),
    ),
    "a_guardian_is_independent": (
        "independent",
        gettext_lazy(
            "A guardian has no tie to the exploiters and no interest against the child's: check both."
        ),
    ),
    "a_child_has_one_guardian": ("kind", gettext_lazy("The child has a guardian already.")),
    "no_contact_before_the_safety_check": (
        "contact",
        gettext_lazy("No contact before the relative was found to be safe and the child wishes it."),
    ),
    "the_lead_worker_is_not_in_the_chair": (
        "chair",
        gettext_lazy("The lead worker of the case is not in the chair."),
    ),
    "dissent_is_minuted": ("dissent", gettext_lazy("Write down why somebody disagrees.")),
    "never_by_the_case_manager_alone": (
        "solution",
        gettext_lazy("The lead worker of the case does not decide on a durable solution."),
    ),
    "no_solution_against_the_guardian": ("guardian_agrees", gettext_lazy("The guardian must agree.")),
    "no_move_before_safety_there_is_checked": (
        "safety_checked",
        gettext_lazy("Check first that the child is safe there."),
    ),
}


@contextmanager
def in_words() -> Iterator[None]:
    """Inside, a constraint of this room that refuses becomes Invalid with its sentence; others go on as they are."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in SENTENCES:
            raise
        field, sentence = SENTENCES[name]
        problems = [FieldProblem(field, str(sentence), f"children.{name}")]
        raise Invalid(_("This was not saved."), problems=problems) from None


def check(*wrong: tuple[bool, str, str]) -> None:
    """Raises Invalid with every (wrong, field, sentence) that is wrong."""
    problems = [FieldProblem(field, sentence, f"children.{field}") for bad, field, sentence in wrong if bad]
    if problems:
        raise Invalid(_("This was not saved."), problems=problems)
