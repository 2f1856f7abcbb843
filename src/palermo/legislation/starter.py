"""The laws of two invented States, with readings of them: for the demonstration and for tests. No such law exists."""

from typing import Any

PALERMIA = """Chapter I. General
Article 1. Purpose
This Act (invented) prevents trafficking in persons, protects its victims and punishes who commits it.
Article 2. Definition
(1) Trafficking in persons is the recruitment, transportation, transfer, harbouring or receipt of a person,
by force, threat, fraud or deception, for the purpose of exploitation.
(2) Exploitation includes sexual exploitation, forced labour and servitude.
Chapter II. Offences
Article 3. Penalty
Whoever commits trafficking in persons is punished with imprisonment from three to ten years.
Article 4. Attempt
An attempt is punished as the completed offence.
Chapter III. Protection
Article 5. Assistance
The authority offers victims shelter, medical care and counselling.
"""
AMENDED = PALERMIA.replace(
    "by force, threat, fraud or deception,",
    "by force, threat, fraud, deception or the abuse of a position of vulnerability,",
).replace(
    "Article 4. Attempt",
    "Article 3bis. Children\nWhere the victim is a child, no means need be shown, "
    "and the penalty is five to fifteen years.\n"
    "Article 4. Attempt",
)  # fmt: skip
TRAMONTANE = """Titre I. Des infractions
Article 10. De la traite des personnes
Est puni de cinq à douze ans d’emprisonnement (loi inventée) quiconque recrute,
transporte, transfère, héberge ou accueille une personne aux fins de l’exploiter.
Le consentement de la victime est sans effet.
Article 11. Des mineurs
Lorsque la victime est un enfant, la peine est portée à quinze ans.
Titre II. De la procédure
Article 20. Du huis clos
Le tribunal ordonne le huis clos lorsque la victime le demande.
"""
FIRST = "/akn/xp/act/2015/12"
SECOND = "/akn/xq/act/2018/7"


def laws() -> list[dict[str, Any]]:
    """Two laws with three texts, as `palermo legislation import` takes them."""
    return [
        {
            "country": "XPA", "number": "12", "title": "Act on the Response to Trafficking (invented)",
            "language": "en", "titles": {"fr": "Loi sur la réponse à la traite (inventée)"}, "adopted": "2015-03-02",
            "published_on": "2015-03-10", "commenced": "2015-04-01", "used_for": "specific",
            "amendments": [{"on": "2021-06-01", "by": "Act 4 of 2021 (invented)", "note": "articles 2 and 3bis"}],
            "wordings": [
                {"valid_from": "2015-04-01", "valid_to": "2021-05-31", "text": PALERMIA, "gazette": "Gazette 2015/9"},
                {"valid_from": "2021-06-01", "text": AMENDED, "gazette": "Gazette 2021/22"},
            ],
        },
        {
            "country": "XPB", "number": "7", "title": "Loi relative à la lutte contre la traite (inventée)",
            "language": "fr", "adopted": "2018-05-14", "commenced": "2018-07-01", "used_for": "specific",
            "wordings": [{"valid_from": "2018-07-01", "text": TRAMONTANE, "gazette": "Journal officiel n° 31"}],
        },
    ]  # fmt: skip


def readings() -> list[dict[str, Any]]:
    """What some rows find in them, as somebody might have read it."""
    old, new = (FIRST, "2015-04-01"), (FIRST, "2021-06-01")
    other = (SECOND, "2018-07-01")
    rows = [
        ("XPA", "TIP 3(a)", "2016-01-01", "partly", "The means leave out the abuse of a position of vulnerability.",
         "Add the abuse of a position of vulnerability, and organ removal to the forms.", old, "chp_I__art_2__para_1"),
        ("XPA", "TIP 3(a)", "2021-07-01", "partly", "The means are complete since 2021; organ removal is not named.",
         "Add organ removal to the forms of exploitation.", new, "chp_I__art_2__para_1"),
        ("XPB", "TIP 3(a)", "2019-01-01", "partly", "No means are asked: wider than the Protocol; forms are left open.",
         "Name the forms of exploitation at least as the Protocol lists them.", other, "title_I__art_10"),
        ("XPA", "TIP 3(b)", "2021-07-01", "not_met", "The Act is silent on consent.",
         "Say that consent is irrelevant where a means was used.", None, ""),
        ("XPB", "TIP 3(b)", "2019-01-01", "met", "Consent has no effect.", "", other, "title_I__art_10"),
        ("XPA", "TIP 3(c)", "2016-01-01", "not_met", "The means had to be shown for children too.",
         "Leave the means out where the victim is a child.", None, ""),
        ("XPA", "TIP 3(c)", "2021-07-01", "met", "No means need be shown since 2021.", "", new, "chp_II__art_3bis"),
        ("XPB", "TIP 3(c)", "2019-01-01", "met", "No means are asked of anybody.", "", other, "title_I__art_11"),
        ("XPA", "TIP 5(1)", "2016-01-01", "met", "It is an offence of its own.", "", old, "chp_II__art_3"),
        ("XPB", "TIP 6(1)", "2019-01-01", "partly", "Closed hearings on request; nothing on names in print.",
         "Protect identities outside the court room as well.", other, "title_II__art_20"),
    ]  # fmt: skip
    return [
        {
            "country": country, "row": row, "on": on, "standing": standing, "reasons": reasons, "need": need,
            "relied": [{"law": where[0], "valid_from": where[1], "eid": eid}] if where else [],
        }
        for country, row, on, standing, reasons, need, where, eid in rows
    ]  # fmt: skip
