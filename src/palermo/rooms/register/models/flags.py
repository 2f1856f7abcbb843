"""Ternary answers, stored as two bit masks per group: which were recorded, and which of those were yes.

Bit n of a mask is the n-th code below. The numbers are stored in rows: codes may be added at the end, never
moved or taken away (a test compares them with the code lists in `palermo.standards`). A bit that is not in
`recorded` means "not recorded", which is never "no"; a bit in `yes` is always in `recorded`.
"""

from collections.abc import Iterable, Mapping

FORM = (
    "sexual_exploitation", "forced_labour_or_services", "slavery_or_similar", "servitude", "organ_removal",
    "criminal_activities", "begging", "forced_marriage", "illegal_adoption", "surrogacy",
    "armed_forces_or_groups", "other", "unknown",
)  # fmt: skip
CONTROL = (
    "DebtBondageOrEarnings", "AnyThreat", "AnyAbuse", "DenyBasicNeeds", "DebtBondage", "TakesEarnings",
    "RestrictsFinancialAccess", "Threats", "ThreatOfLawEnforcement", "UsesChildren", "PsychologicalAbuse",
    "PhysicalAbuse", "SexualAbuse", "FalsePromises", "PsychoactiveSubstances", "RestrictsMovement",
    "RestrictsMedicalCare", "WithholdsNecessities", "ExcessiveWorkingHours", "WithholdsDocuments", "Other",
    "NotSpecified",
)  # fmt: skip
LABOUR = (
    "agriculture", "aquafarming", "mining", "manufacturing", "utilities", "construction", "trade",
    "transportation", "hospitality", "information", "finance", "real_estate", "professional",
    "administrative_support", "public_administration", "education", "health_social_work",
    "arts_entertainment", "other_services", "domestic_work", "extraterritorial", "begging", "peddling",
    "illicit_activities", "other",
)  # fmt: skip
SEXUAL = ("prostitution", "pornography", "remote_interactive_services", "private_sexual_services")
RECRUITER = ("intimate_partner", "friend", "family", "other")

GROUPS: Mapping[str, tuple[str, ...]] = {
    "form": FORM, "control": CONTROL, "labour": LABOUR, "sexual": SEXUAL, "recruiter": RECRUITER,
}  # fmt: skip
BIT: Mapping[str, Mapping[str, int]] = {
    group: {code: 1 << position for position, code in enumerate(codes)} for group, codes in GROUPS.items()
}


def mask(group: str, codes: Iterable[str]) -> int:
    """The mask in which the bits of `codes` are set. Raises KeyError for a code that the group lacks."""
    bits = BIT[group]
    total = 0
    for code in codes:
        total |= bits[code]
    return total


def masks(group: str, answers: Mapping[str, bool]) -> tuple[int, int]:
    """(recorded, yes) of the answers given; what is not in `answers` was not recorded."""
    bits = BIT[group]
    recorded = yes = 0
    for code, answer in answers.items():
        bit = bits[code]
        recorded |= bit
        if answer:
            yes |= bit
    return recorded, yes


def codes_in(group: str, bits: int) -> tuple[str, ...]:
    """The codes whose bits are set."""
    return tuple(code for code, bit in BIT[group].items() if bits & bit)


def answers(group: str, recorded: int, yes: int) -> dict[str, bool]:
    """The answers that two masks hold, in the order of the code list."""
    return {code: bool(yes & bit) for code, bit in BIT[group].items() if recorded & bit}
