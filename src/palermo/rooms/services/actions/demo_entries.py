"""The invented services of the demonstration country. Nobody and nothing here exists."""

from typing import Any

OFFICE = {day: [["09:00", "12:30"], ["14:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LONG = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
NIGHT = {day: [["20:00", "06:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
OTHERS = (
    ("Quayside Clinic", "HealthServiceOrganisation"),
    ("Palermian Bar Legal Aid", "LegalService"),
    ("Bread and Roof", "NGO"),
    ("Valdoro Child Protection Office", "LocalGovernmentOrganisation"),
    ("Voices Interpreters’ Pool", "NGO"),
    ("Way Home Return Desk", "IntergovernmentalOrganisation"),
)
Entry = dict[str, Any]
# (organisation, entry, places by group, how many of each are free, whether the office shows it to the public)
HARBOUR: tuple[tuple[Entry, dict[str, int], dict[str, int], bool], ...] = (
    (
        {
            "name": "Harbour House",
            "kind": "shelter",
            "about": "A house for women with or without children. Stay up to six months.",
            "areas": ["PX-01"],
            "sexes": ["female"],
            "age_from": 16,
            "families": True,
            "step_free": True,
            "languages": ["en", "fr", "ar", "ti"],
            "around_the_clock": True,
            "phone": "+99 555 0100",
            "emergency_phone": "+99 555 0101",
            "confidential": True,
            "address": "7 Invented Lane, behind the old fish hall",
            "conditions": "Call before anybody comes. Staff meet the person at a neutral place.",
            "crime": "both",
        },
        {"women": 12, "girls": 3, "families": 4},
        {"women": 5, "girls": 1, "families": 2},
        False,
    ),
    (
        {
            "name": "Harbour line",
            "kind": "hotline",
            "about": "Advice by telephone and message, free and without a name.",
            "remote": True,
            "languages": ["en", "fr", "ar", "ru", "es"],
            "around_the_clock": True,
            "phone": "+99 555 0199",
            "website": "https://harbour.example",
            "crime": "both",
        },
        {},
        {},
        True,
    ),
    (
        {
            "name": "Talking room",
            "kind": "psychosocial",
            "areas": ["PX-01", "PX-11"],
            "hours": LONG,
            "phone": "+99 555 0102",
            "languages": ["en", "fr", "ar"],
            "about": "Psychologists and a group for women on Thursdays.",
            "crime": "both",
        },
        {},
        {},
        False,
    ),
)
NORTHERN: tuple[tuple[Entry, dict[str, int], dict[str, int], bool], ...] = (
    (
        {
            "name": "Northern reception centre for children",
            "kind": "shelter",
            "areas": ["PX-04", "PX-09"],
            "age_until": 17,
            "languages": ["en", "ps", "fa"],
            "around_the_clock": True,
            "phone": "+99 555 0120",
            "confidential": True,
            "address": "1 Made-up Road, the yellow gate",
            "crime": "both",
            "about": "Boys and girls without their parents. School in the house.",
        },
        {"boys": 14, "girls": 6},
        {"boys": 0, "girls": 2},
        False,
    ),
    (
        {
            "name": "Men’s house",
            "kind": "shelter",
            "areas": ["PX-04"],
            "sexes": ["male"],
            "age_from": 18,
            "around_the_clock": True,
            "languages": ["en", "bn", "ur"],
            "phone": "+99 555 0121",
            "address": "3 Made-up Road",
            "crime": "tip",
        },
        {"men": 8},
        {"men": 3},
        False,
    ),
)
LISTED: tuple[tuple[str, Entry, bool], ...] = (
    (
        "Quayside Clinic",
        {
            "name": "Walk-in clinic",
            "kind": "medical",
            "areas": ["PX-01"],
            "hours": LONG,
            "phone": "+99 555 0130",
            "languages": ["en", "ar"],
            "step_free": True,
            "address": "2 Quay Street",
        },
        True,
    ),
    (
        "Quayside Clinic",
        {
            "name": "Night emergency doctor",
            "kind": "emergency",
            "areas": ["PX-01", "PX-11"],
            "hours": NIGHT,
            "closed_on_holidays": False,
            "phone": "+99 555 0131",
            "languages": ["en"],
        },
        True,
    ),
    (
        "Palermian Bar Legal Aid",
        {
            "name": "Legal aid desk",
            "kind": "legal_aid",
            "hours": OFFICE,
            "phone": "+99 555 0140",
            "languages": ["en", "fr"],
            "address": "40 Court Square",
            "website": "https://legalaid.example",
            "about": "Free advice; a lawyer in court for those who cannot pay.",
        },
        True,
    ),
    (
        "Palermian Bar Legal Aid",
        {
            "name": "Unpaid wages",
            "kind": "compensation",
            "hours": OFFICE,
            "phone": "+99 555 0141",
            "languages": ["en", "bn", "ne"],
            "crime": "tip",
        },
        True,
    ),
    (
        "Bread and Roof",
        {
            "name": "Day kitchen and clothes",
            "kind": "material",
            "areas": ["PX-01", "PX-02"],
            "hours": LONG,
            "phone": "+99 555 0150",
            "address": "12 Mill Lane",
        },
        True,
    ),
    (
        "Bread and Roof",
        {
            "name": "First job workshop",
            "kind": "livelihood",
            "areas": ["PX-02"],
            "hours": OFFICE,
            "age_from": 16,
            "phone": "+99 555 0151",
            "languages": ["en", "ar", "am"],
            "cost": "partly",
        },
        False,
    ),
    (
        "Valdoro Child Protection Office",
        {
            "name": "Duty social worker",
            "kind": "child_protection",
            "areas": ["PX-02"],
            "around_the_clock": True,
            "age_until": 17,
            "phone": "+99 555 0160",
            "languages": ["en"],
        },
        True,
    ),
    (
        "Valdoro Child Protection Office",
        {
            "name": "Guardians’ register",
            "kind": "guardianship",
            "hours": OFFICE,
            "age_until": 17,
            "phone": "+99 555 0161",
            "languages": ["en", "fr"],
        },
        False,
    ),
    (
        "Voices Interpreters’ Pool",
        {
            "name": "Interpreters by telephone",
            "kind": "interpretation",
            "remote": True,
            "around_the_clock": True,
            "phone": "+99 555 0170",
            "cost": "paid",
            "languages": ["ar", "am", "bn", "fa", "ps", "ti", "so", "ur", "vi", "yo", "sgn"],
        },
        False,
    ),
    (
        "Way Home Return Desk",
        {
            "name": "Voluntary return",
            "kind": "return",
            "hours": OFFICE,
            "phone": "+99 555 0180",
            "countries": ["NGA", "NPL", "VNM"],
            "languages": ["en", "fr", "vi"],
        },
        True,
    ),
    (
        "Way Home Return Desk",
        {
            "name": "Family tracing",
            "kind": "family_tracing",
            "hours": OFFICE,
            "phone": "+99 555 0181",
            "languages": ["en", "fr"],
            "crime": "som",
        },
        False,
    ),
)
NEEDS = ("medical", "legal_aid", "psychosocial", "interpretation", "livelihood", "education")
UNMET = ("none_exists", "full", "too_far", "full", "none_exists", "refused")
