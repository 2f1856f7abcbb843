"""The outline that every new report is offered: what a national rapporteur is asked for, in every language.

Chapters follow CETS 197 article 29(4), Directive 2011/36/EU article 19 and the questionnaire of the Global Report.
"""

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

# (kind, title, what belongs there)
OUTLINE = (
    ("text", gettext_noop("Summary"), gettext_noop("The three things that changed this year, in plain words.")),
    (
        "text",
        gettext_noop("Trends"),
        gettext_noop("How detected trafficking developed, and why counts rise or fall."),
    ),
    ("text", gettext_noop("Detected victims"), gettext_noop("Sex, age, citizenship and forms of exploitation.")),
    (
        "text",
        gettext_noop("Smuggled migrants"),
        gettext_noop("Routes, modes and dangers; smuggled persons are no victims of trafficking by that alone."),
    ),
    (
        "text",
        gettext_noop("Children"),
        gettext_noop("Detected children, guardianship and their best interests."),
    ),
    ("text", gettext_noop("Justice"), gettext_noop("Investigations, prosecutions, convictions; non-punishment.")),
    (
        "text",
        gettext_noop("Protection and referral"),
        gettext_noop("Who was referred, how soon help came, and what was missing."),
    ),
    (
        "text",
        gettext_noop("Those who were not detected"),
        gettext_noop("The estimate, its range and its doubts."),
    ),
    ("text", gettext_noop("Methods and limits"), gettext_noop("Who counts whom, what is withheld and why.")),
    ("advice", gettext_noop("Recommendations"), ""),
)  # fmt: skip

# A route story is short: who travels, how, at what price, what is done to them, what helps.
STORY_OUTLINE = (
    ("text", gettext_noop("Where the route runs"), gettext_noop("From where to where, by which means, who takes it.")),
    ("text", gettext_noop("Who moves people, and for what price"), gettext_noop("Facilitators, fees, debts.")),
    ("text", gettext_noop("What happens on the way"), gettext_noop("Abuses; deaths are told, never summed.")),
    ("text", gettext_noop("What helps"), gettext_noop("Protection on the way, and what people asked for.")),
    (
        "text",
        gettext_noop("How we know, and what we do not"),
        gettext_noop("Who was asked, where; the sample is not representative."),
    ),
)  # fmt: skip


def in_every_language(words: str) -> dict[str, str]:
    """The words in each language of the site."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = gettext(words)
    return found
