"""More tables as data: EU article 19a, Eurostat, SDG in long form, IC-TIP, smuggling, children, assistance, justice.

Each is a list of parts of the states (projection.py). Which questions are of whom: docs/rooms/statistics.md; the lists
of the bodies: `statistics/requirement` in the standards (article 19a is not checked against the Official Journal yet).
"""

from django.utils.translation import gettext_lazy as _

from palermo.rooms.statistics.queries.declaration import DETECTED, FORMS, PRESUMED, WITHHELD, Declaration
from palermo.rooms.statistics.queries.projection import Breakdown, Fixed, Words

_NOT_SUPPLIED = _("What no source supplies is not known. It is never 0.")
_IDENTIFIED = _(
    "Identified: by a positive decision of the competent authority. Presumed: everybody else in the register whom no "
    "decision refused, also those who declined to be identified."
)
_ART_19A = _(
    "The list of article 19a was written from general knowledge and is to be checked against the Official Journal "
    "(OJ L 2024/1712)."
)
_BOTH = _("Who is counted for both crimes stands in the tables of both.")
_AS = _("Counted on the day that the page names; the next count is protected together with this one.")
NATIONALS = _("Other Member States: the European Union since 1 February 2020.")


def _by(
    prefix: str, population: str, title: Words, columns: dict[str, Words], fixed: Fixed = ()
) -> tuple[Breakdown, ...]:
    """One part for each dimension, all of the same persons; the title names the persons and the dimension."""
    return tuple(
        Breakdown(f"{prefix}-{name}", _Joined(title, words), population, name, fixed=fixed)
        for name, words in columns.items()
    )


class _Joined:
    """Two phrases beside each other, in the reader's language when they are read."""

    def __init__(self, first: Words, second: Words) -> None:
        self.first, self.second = first, second

    def __str__(self) -> str:
        from django.utils.translation import gettext

        return gettext("%(what)s: %(by)s") % {"what": self.first, "by": self.second}


SEX: dict[str, Words] = {"sex": _("by sex")}
AGE: dict[str, Words] = {"age": _("by age group")}
CITIZENS: dict[str, Words] = {"citizens": _("by group of citizenship")}
COUNTRIES: dict[str, Words] = {"citizenship": _("by citizenship")}
FORM: dict[str, Words] = {"form": _("by form of exploitation")}
STATUS: dict[str, Words] = {"status": _("identified and presumed")}
SOURCE: dict[str, Words] = {"source": _("by registering body")}
AREA: dict[str, Words] = {"area": _("by area")}
VICTIMS = _("Registered victims")
SUSPECTS = _("Suspects")
PROSECUTED = _("Persons prosecuted")
CONVICTED = _("Persons convicted")
ACQUITTED = _("Persons acquitted")
MIGRANTS = _("Smuggled migrants")
MET = _("Persons met in encounters")
HELPED = _("Persons who were helped")
CHILDREN = _("Children")
_CHILD: Fixed = (("age", "child"),)

MORE: tuple[Declaration, ...] = (
    Declaration(
        name="eu-19a",
        title=_("Trafficking in persons, as the EU asks (Directive 2011/36/EU, article 19a)"),
        question=_(
            "Who was registered as a victim, who was suspected, prosecuted and convicted, and how did courts judge?"
        ),
        population=_("Victims of the register and persons in proceedings, by year"),
        fed_by="state",
        warnings=(DETECTED, _ART_19A),
        notes=(_IDENTIFIED, FORMS, NATIONALS, _NOT_SUPPLIED, _AS, WITHHELD),
        breakdowns=(
            *_by("victims", "persons", VICTIMS, STATUS | SOURCE | SEX | AGE | CITIZENS | FORM),
            *_by("identified", "persons", _("Identified victims"), SEX | AGE, (("status", "identified"),)),
            *_by("presumed", "persons", _("Presumed victims"), SEX | AGE, (("status", "presumed"),)),
            *_by("suspects", "formal_contact", SUSPECTS, SEX | AGE | CITIZENS | FORM),
            *_by("prosecuted", "prosecuted", PROSECUTED, SEX | AGE | CITIZENS | FORM),
            Breakdown("decisions", _("Decisions whether to prosecute")),
            *_by("convicted", "convicted", CONVICTED, SEX | AGE | CITIZENS),
            Breakdown("judgments", _("Judgments"), "judged", "outcome", layers=("instance",)),
            Breakdown("knowing-use", _("Suspected, prosecuted and convicted for knowing use (article 18a)")),
        ),
    ),
    Declaration(
        name="eurostat",
        title=_("Trafficking in persons, as Eurostat asks (crim_thb)"),
        question=_(
            "How many victims, suspects and convicted persons, of which sex, citizenship and form of exploitation?"
        ),
        population=_("Victims of the register and persons in proceedings, by year"),
        fed_by="state",
        warnings=(DETECTED,),
        notes=(_IDENTIFIED, FORMS, NATIONALS, _AS, WITHHELD),
        breakdowns=(
            *_by("eurostat-victims", "persons", VICTIMS, SEX | STATUS | CITIZENS | FORM),
            *_by("eurostat-suspects", "formal_contact", SUSPECTS, SEX),
            *_by("eurostat-convicted", "convicted", CONVICTED, SEX),
        ),
    ),
    Declaration(
        name="sdg-16-2-2-long",
        title=_("SDG 16.2.2 by sex, age and form of exploitation together"),
        question=_(
            "How many victims were detected, by sex, age and form of exploitation, and for every 100,000 residents?"
        ),
        population=_("Presumed and identified victims of trafficking in the national register, by year"),
        fed_by="state",
        warnings=(
            DETECTED,
            _(
                "The indicator has no numeric target: a low rate is not a success and a high one not a failure."
            ),
        ),
        notes=(
            _(
                "Rate = 100,000 x detected victims / residents of that sex and age. Nothing is imputed or adjusted."
            ),
            FORMS,
            PRESUMED,
            _AS,
            WITHHELD,
        ),
        breakdowns=(
            Breakdown(
                "sdg-form",
                _("Detected victims by form of exploitation"),
                "persons",
                "form",
                layers=("sex", "age"),
            ),
        ),
    ),
    Declaration(
        name="ic-tip",
        title=_("Profile after IC-TIP: event, victim, perpetrator, reporting entity"),
        question=_("What is recorded of the events, the victims, the perpetrators and those who report?"),
        population=_("Victims of the register and persons in proceedings, by year"),
        fed_by="state",
        warnings=(
            DETECTED,
            _(
                "The items are a profile of palermo after the four units of IC-TIP; the official list was not at hand."
            ),
        ),
        notes=(_IDENTIFIED, FORMS, _NOT_SUPPLIED, _AS, WITHHELD),
        breakdowns=(
            Breakdown("event-act", _("Event: acts")),
            *_by("event", "persons", _("Event, persons exploited"), FORM | AREA),
            *_by("victim", "persons", _("Victim"), SEX | AGE | STATUS | COUNTRIES),
            *_by(
                "perpetrator-contact",
                "formal_contact",
                _("Perpetrator, in formal contact"),
                SEX | AGE | COUNTRIES,
            ),
            *_by("perpetrator-convicted", "convicted", _("Perpetrator, convicted"), SEX | AGE | COUNTRIES),
            *_by("reporting", "persons", _("Reporting entity"), SOURCE),
        ),
    ),
    Declaration(
        name="smuggling",
        title=_("Smuggling of migrants: migrants and smugglers"),
        question=_("Who was smuggled, how and where were they met, and who was brought to justice for it?"),
        population=_(
            "Smuggled migrants of the register, persons met in encounters, persons in proceedings, by year"
        ),
        fed_by="state",
        warnings=(
            _(
                "Detected is not all: these are persons whom somebody met and recorded. A smuggled migrant is no "
                "offender for having been smuggled (Smuggling Protocol, article 5)."
            ),
            _("The register and the encounters overlap: their figures must not be added up."),
        ),
        notes=(_BOTH, NATIONALS, _NOT_SUPPLIED, _AS, WITHHELD),
        breakdowns=(
            *_by(
                "smuggled",
                "smuggled",
                MIGRANTS,
                {"crime": _("aggravated or not")} | SEX | AGE | CITIZENS | COUNTRIES | AREA,
            ),
            *_by(
                "met",
                "met",
                MET,
                {"mode": _("by way of travel"), "border": _("by border"), "met": _("by kind of encounter")},
            ),
            Breakdown("met-who", _("Persons met, by age group"), "met", "age", layers=("mode",)),
            *_by("som-suspects", "som_formal_contact", _("Suspected smugglers"), SEX | AGE | CITIZENS),
            *_by("som-prosecuted", "som_prosecuted", _("Smugglers prosecuted"), SEX | AGE | CITIZENS),
            *_by("som-convicted", "som_convicted", _("Smugglers convicted"), SEX | AGE | CITIZENS),
        ),
    ),
    Declaration(
        name="children",
        title=_("Children"),
        question=_("How many children were detected as victims or were smuggled, and how many were helped?"),
        population=_("Persons recorded as children at registration, by year"),
        fed_by="state",
        warnings=(
            DETECTED,
            _("Who was not asked for the age is not among the children: see the age groups."),
        ),
        notes=(FORMS, _NOT_SUPPLIED, _AS, WITHHELD),
        breakdowns=(
            *_by("child", "persons", CHILDREN, SEX | STATUS | CITIZENS, _CHILD),
            Breakdown(
                "child-form",
                _("Children by form of exploitation"),
                "persons",
                "form",
                fixed=_CHILD,
                layers=("sex",),
            ),
            *_by("child-smuggled", "smuggled", _("Smuggled children"), SEX | CITIZENS, _CHILD),
            *_by(
                "child-met",
                "met",
                _("Children met in encounters"),
                SEX | {"mode": _("by way of travel")},
                _CHILD,
            ),
            *_by(
                "child-helped",
                "assisted",
                _("Children who were helped"),
                {"kind": _("by kind of help")},
                (("minor", "child"),),
            ),
        ),
    ),
    Declaration(
        name="assistance",
        title=_("Assistance to victims and smuggled migrants"),
        question=_("How many persons were helped, and with what?"),
        population=_("Persons with a service that began or was delivered, by year"),
        fed_by="state",
        warnings=(_("These are figures about help that is recorded here, not about needs."),),
        notes=(
            _("A person with several kinds of help counts under each of them and once in the total."),
            _AS,
            WITHHELD,
        ),
        breakdowns=(
            *_by(
                "helped",
                "assisted",
                HELPED,
                {"kind": _("by kind of help"), "minor": _("children and adults")},
            ),
            *_by(
                "helped-children",
                "assisted",
                _("Children who were helped"),
                {"kind": _("by kind of help")},
                (("minor", "child"),),
            ),
            *_by(
                "helped-adults",
                "assisted",
                _("Adults who were helped"),
                {"kind": _("by kind of help")},
                (("minor", "adult"),),
            ),
        ),
    ),
    Declaration(
        name="justice",
        title=_("Outcomes of justice"),
        question=_("How far did proceedings go, how did courts judge, and with what sentence?"),
        population=_("Persons in proceedings for trafficking and for smuggling, by year"),
        fed_by="state",
        warnings=(
            _(
                "Proceedings take years: who is convicted in a year was seldom charged in it, so stages of one year "
                "are not shares of each other."
            ),
        ),
        notes=(_BOTH, _NOT_SUPPLIED, _AS, WITHHELD),
        breakdowns=(
            *_by("justice-contact", "formal_contact", SUSPECTS, SEX),
            *_by("justice-prosecuted", "prosecuted", PROSECUTED, SEX),
            *_by("justice-convicted", "convicted", CONVICTED, SEX | FORM),
            *_by("justice-acquitted", "acquitted", ACQUITTED, SEX),
            Breakdown("justice-judgments", _("Judgments"), "judged", "outcome", layers=("instance",)),
            Breakdown("justice-sentences", _("Sentences"), "sentenced", "sentence"),
            *_by("justice-som", "som_convicted", _("Smugglers convicted"), SEX),
            *_by("justice-som-acquitted", "som_acquitted", _("Smugglers acquitted"), SEX),
            Breakdown("compensation", _("Compensation awarded")),
        ),
    ),
    Declaration(
        name="reported",
        title=_("What a country reported to UNODC"),
        question=_(
            "How many victims did a country detect, and how many persons did it prosecute and convict?"
        ),
        population=_(
            "Victims and persons in proceedings that the country reported to UNODC (imported GLOTIP dataset)"
        ),
        fed_by="observations",
        warnings=(
            DETECTED,
            _(
                "UNODC prints “<5” for counts under five; here they are withheld, with as many more as it takes."
            ),
        ),
        notes=(
            _("Figures for which the dataset gives two values are left out."),
            _(
                "Where a count hidden as “<5” follows from the total and the other parts, the smallest of these is "
                "withheld too. Nothing is added to what UNODC printed."
            ),
        ),
    ),
    Declaration(
        name="referral-mechanism",
        title=_("The referral mechanism"),
        question=_("How many were presumed to be victims, what was decided, and what became of referrals?"),
        population=_("Everything that was recorded so far, by quarter"),
        fed_by="mechanism",
        warnings=(_("Quarters that are not over, and limits that still run, change."),),
        notes=(_("A part of the key figures of the mechanism, with the same counts withheld."), WITHHELD),
    ),
)

FREE = Declaration(
    name="free",
    title=_("A table of your own"),
    question=_("Choose whom to count, and by what."),
    population=_("The persons that were chosen"),
    fed_by="state",
    warnings=(DETECTED,),
    notes=(
        _(
            "Every table of your own is a part of one that was protected once: no two of them give away more "
            "than it does."
        ),
        _NOT_SUPPLIED,
        _AS,
        WITHHELD,
    ),
)
