"""The fields and codes of a record in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from palermo.judgments.vocabulary import label

SECTIONS = {
    "identification": _("Identification"), "facts": _("Facts and reasoning"), "parties": _("Victims and defendants"),
    "proceedings": _("Proceedings"), "charges": _("Charges"), "verdict": _("Verdict and sentences"),
    "elements": _("Elements of the offence"), "smuggling": _("Elements of smuggling"),
    "cooperation": _("International cooperation"), "sources": _("Sources"), "languages": _("In other languages"),
}  # fmt: skip
FIELDS = {
    "title": _("Title"), "short_name": _("Short name"), "language": _("Language"), "country": _("Country"),
    "court": _("Court"), "body": _("International body"), "legal_system": _("Legal system"),
    "decided": _("Date of the decision"),
    "citations": _("Citations"), "ecli": _("ECLI"), "unodc_no": _("UNODC no."), "facts": _("Facts"),
    "reasoning": _("Reasoning"), "significance": _("Why it matters"), "side": _("Side"), "entity": _("Person or body"),
    "label": _("Initials or pseudonym"), "role_as_stated": _("Role, as stated"), "role": _("Role"), "sex": _("Sex"),
    "age": _("Age"), "age_basis": _("Age at"), "child": _("Child"), "nationalities": _("Nationalities"),
    "count_min": _("How many, at least"), "count_max": _("How many, at most"), "level": _("Instance"),
    "case_number": _("Case number"), "date": _("Date"), "approximate": _("The date is approximate"),
    "procedure": _("Procedure"), "appealed_by": _("Appealed by"), "result": _("Result"), "defendant": _("Defendant"),
    "stage": _("Instance"), "offence": _("Offence"), "statute": _("Law and article"), "plea": _("Plea"),
    "verdict": _("Verdict"), "reasons": _("Reasons"), "charge": _("Charge"), "kind": _("Kind"), "amount": _("Amount"),
    "unit": _("Unit"), "suspended": _("Suspended"), "as_stated": _("As stated in the source"), "outcome": _("Outcome"),
    "concept": _("Concept"), "standing": _("How it stands"), "pinpoint": _("Page or paragraph"),
    "countries": _("Countries"), "legal_basis": _("Legal basis"),
    "untoc_used": _("Organized Crime Convention relied on"),
    "obstacles": _("Obstacles"), "source_url": _("Address of the source"), "instruments": _("Instruments cited"),
    "cases_cited": _("Cases cited"), "verified_in_primary_source": _("Checked in the primary source"),
    "provenance": _("Where the record comes from"), "machine_translated": _("Translated by a machine"),
    "victims": _("Victims or migrants"), "defendants": _("Defendants"), "stages": _("Proceedings"),
    "charges": _("A charge for each defendant"), "crime": _("Crime"), "act": _("Act"), "purpose": _("Purpose"),
    "som_act": _("Act of smuggling"),
}  # fmt: skip
ONE_A_LINE = _("One a line.")
COUNTRIES = _("ISO codes of three letters, with commas between them: FRA, MAR.")
HELP = {
    "label": _("Never a name, whether of a victim or of somebody who was charged."),
    "language": _("A code such as en, fr or ar."), "citations": ONE_A_LINE, "instruments": ONE_A_LINE,
    "cases_cited": ONE_A_LINE, "nationalities": COUNTRIES, "countries": COUNTRIES,
    "facts": _("In your own words, without the names of victims and witnesses."),
    "count_max": _("An entry is not a person: a group of twelve is one entry that counts twelve."),
    "ecli": _("Such as ECLI:CE:ECHR:2010:0107JUD002596504."), "unit": _("Such as months, or the currency: EUR."),
}  # fmt: skip
STATES = {
    "unknown": _("Unknown"), "stated": _("Stated"), "not_stated": _("Not stated"),
    "not_applicable": _("Not applicable"),
}  # fmt: skip
CODES: dict[str, Any] = {
    **STATES,
    "": _("Not given"), "victim": _("Victim"), "migrant": _("Migrant"), "defendant": _("Defendant"),
    "other": _("Other"),
    "natural_person": _("Person"), "legal_person": _("Company or other legal person"), "group": _("Group"),
    "authority": _("Authority"), "offence": _("Time of the offence"), "rescue": _("Rescue"), "trial": _("Trial"),
    "first": _("First instance"), "appeal": _("Appeal"), "final": _("Last instance"),
    "constitutional": _("Constitutional court"), "international": _("International"), "guilty": _("Guilty"),
    "not_guilty": _("Not guilty"), "custody": _("Custody"), "fine": _("Fine"), "confiscation": _("Confiscation"),
    "ban": _("Ban"), "community": _("Community service"), "compensation": _("Compensation"),
    "mla": _("Mutual legal assistance"), "extradition": _("Extradition"), "jit": _("Joint investigation team"),
    "transfer": _("Transfer of proceedings"),
}  # fmt: skip
KINDS = {
    "crime": _("Crime"), "act": _("Act"), "means": _("Means"), "purpose": _("Purpose"), "issue": _("Issue of evidence"),
    "form": _("Geography"), "som_act": _("Act of smuggling"), "som_element": _("Circumstance of smuggling"),
}  # fmt: skip


def section_title(code: str) -> Any:
    return SECTIONS[code]


def label_of(name: str) -> Any:
    return FIELDS.get(name, name)


def word(field: str, code: Any, language: str) -> str:
    """What stands in a field, in words."""
    if field in ("standing", "legal_system") or field in KINDS:
        return label(field, str(code), language)
    if field in ("verdict", "outcome"):
        return label("verdict", str(code), language)
    return str(CODES.get(code, code))
