"""Statements: guards that only the person who acts can answer, ticked on a page and kept in the audit.

guard -> (input that must be given, sentence that asks for it). What the database can know is no statement: a room
registers a function for it, and a function that it registers for its own machine goes before a statement.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATEMENTS: dict[str, tuple[str, str | Promise]] = {
    # Case
    "plan_is_agreed": ("agreed", _("The person must have agreed to the plan and signed it.")),
    "outcome_is_given": ("outcome", _("Say how the case ended.")),
    "nothing_is_left_open": (
        "handed_over",
        _("Open referrals, tasks and hearings must be finished or handed over."),
    ),
    "exit_is_assessed": ("exit_assessed", _("Assess the risk of being trafficked again first.")),
    "follow_up_is_consented": (
        "consented",
        _("The person must have consented to be contacted after closure."),
    ),
    # Identification
    "urgent_needs_came_first": (
        "urgent_first",
        _(
            "Ask about urgent needs first: safety, health, food and shelter, in private and with an interpreter."
        ),
    ),
    "rights_are_explained": ("rights_explained", _("Explain the rights in a language that is understood.")),
    "support_is_offered": ("support_offered", _("Offer support: it does not depend on the referral.")),
    "capacity_is_clear": (
        "capacity_clear",
        _("The person must be able to decide freely, or have an advocate."),
    ),
    "questions_are_itemised": ("questions", _("List the questions one by one.")),
    "person_asked_in_writing": ("asked_in_writing", _("The person must have asked for it in writing.")),
    "options_are_explained": (
        "options_explained",
        _(
            "Hand over what there is on residence, compensation and justice, in a language that is understood."
        ),
    ),
    "transition_support_is_planned": (
        "transition_planned",
        _("Plan the support for the time after the decision."),
    ),
    "review_grounds_are_given": (
        "grounds",
        _("Say what the review rests on: new evidence, or a decision that did not follow the guidance."),
    ),
    "person_was_met_alone": (
        "met_alone",
        _("Meet the person alone, with an independent interpreter, before you answer."),
    ),
    # Children
    "child_is_heard": (
        "child_heard",
        _("Hear the child in a way that fits the age, and write the view down."),
    ),
    "guardian_is_heard": ("guardian_heard", _("Hear the guardian first.")),
    "three_bodies_are_told": (
        "bodies_told",
        _("Tell child protection, the police unit and the coordinator at the same time."),
    ),
    "family_is_checked_first": (
        "family_checked",
        _(
            "Check that the family is safe before there is any contact, and keep the place from the exploiters."
        ),
    ),
    "parent_is_safe": (
        "parent_safe",
        _("The parent must be the parent, be safe for the child and have no part in what happened."),
    ),
    "panel_has_met": ("panel_met", _("The panel must have met.")),
    "dissent_is_minuted": ("dissent_minuted", _("Write down who disagreed and why, or that nobody did.")),
    "guardian_agrees_to_solution": ("guardian_agrees", _("The guardian must agree.")),
    "guardian_agrees_to_close": ("guardian_agrees", _("The guardian must agree.")),
    "child_is_told": ("child_told", _("Tell the child in the own language.")),
    "ordinary_protection_takes_over": (
        "taken_over",
        _("The ordinary child protection must have taken the child's protection over."),
    ),
    # Smuggled migrants
    "medical_and_food_are_given": (
        "stabilised",
        _("Medical care, food, water and clothing must be given, and an interpreter be found."),
    ),
    "migrant_rights_are_told": (
        "rights_told",
        _(
            "Tell the rights, the helpline and the right to contact a consulate, and write the own choice down."
        ),
    ),
    "choice_is_informed": (
        "choice_informed",
        _("The choice must be the person's own, with every option explained."),
    ),
    "family_is_told": ("family_told", _("Identify the person and tell the family.")),
    # Referral
    "person_was_asked": ("person_asked", _("Ask the person whether the help arrived.")),
}
