"""HTCDS 2.0 files of invented people, for tests and demonstrations. No name here is that of a real person."""

import csv
import io
from datetime import date, timedelta
from random import Random

from palermo.standards.codes import codelist

COLUMNS = (
    "prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_Gender", "prs_Citizenship", "prs_IdentityNumber",
    "prs_Email", "prs_MobilePhone", "prs_MailingCity", "vic_TraffickingStatus",
    "vic_TraffickingStatusDecisionMakingOrg", "vic_RelationshipToTrafficker", "vic_AgeWhenTrafficked",
    "vic_MethodOfRecruitment", "vic_MethodsOfControl", "vic_TypeOfExploitation", "vic_ForcedLabourIndustry",
    "vic_TypeOfSexExploitation", "cas_Status", "cas_IncomingReferralDate", "cas_IncomingReferralDetails",
    "hte_Country", "hte_Type", "con_Consent",
)  # fmt: skip
SYLLABLES = ("ba", "do", "ke", "li", "mo", "na", "ru", "se", "ti", "vo", "za", "ye")
COUNTRIES = ("XP", "NG", "MD", "PH", "VN", "NA", "UA", "CO", "XK", "BD")


def _word(rng: Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(3)).capitalize()


def _some(rng: Random, field: str, most: int) -> str:
    codes = [c.code for c in codelist(f"htcds-2.0/{field}")]
    return ";".join(sorted(rng.sample(codes, rng.randint(0, most))))


def _person(rng: Random, number: int) -> dict[str, str]:
    referred = date(2021, 1, 1) + timedelta(days=rng.randrange(1_800))
    born = referred - timedelta(days=rng.randint(6 * 365, 55 * 365))
    form = rng.choices([c.code for c in codelist("htcds-2.0/vic_TypeOfExploitation")],
                       [40, 40, 4, 4, 4, 1, 1, 6, 1, 1, 3])[0]  # fmt: skip
    return {
        "prs_FirstName": _word(rng),
        "prs_SecondName": _word(rng),
        "prs_Birthdate": born.isoformat() if rng.random() < 0.9 else "",
        "prs_Gender": rng.choice([c.code for c in codelist("htcds-2.0/prs_Gender")]),
        "prs_Citizenship": ";".join(rng.sample(COUNTRIES, rng.choices((1, 2), (9, 1))[0])),
        "prs_IdentityNumber": f"XP-{number:07d}",
        "prs_Email": f"person{number}@example.org",
        "prs_MobilePhone": f"+99900{number:06d}",
        "prs_MailingCity": _word(rng),
        "vic_TraffickingStatus": rng.choice(
            [c.code for c in codelist("htcds-2.0/vic_TraffickingStatus")][:2]
        ),
        "vic_TraffickingStatusDecisionMakingOrg": rng.choice(("Police", "NGO")),
        "vic_RelationshipToTrafficker": rng.choice(("", "Familial", "Acquainted", "Unaquainted")),
        "vic_AgeWhenTrafficked": str(rng.randint(6, 50)) if rng.random() < 0.7 else "",
        "vic_MethodOfRecruitment": _some(rng, "vic_MethodOfRecruitment", 2),
        "vic_MethodsOfControl": _some(rng, "vic_MethodsOfControl", 5),
        "vic_TypeOfExploitation": form,
        "vic_ForcedLabourIndustry": "F_Construction" if form == "ForcedLabour" else "",
        "vic_TypeOfSexExploitation": "Prostitution" if form == "SexualExploitation" else "",
        "cas_Status": rng.choice(("Active", "FollowUp", "Closed")),
        "cas_IncomingReferralDate": referred.isoformat(),
        "cas_IncomingReferralDetails": f"Invented for a test; spoke with {_word(rng)}.",
        "hte_Country": rng.choice(COUNTRIES),
        "hte_Type": "Exploitation",
        "con_Consent": "true",
    }


def synthetic_htcds(n: int, rng: Random) -> str:
    """The text of an HTCDS 2.0 CSV with n invented people; the same rng state gives the same file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_person(rng, number) for number in range(1, n + 1))
    return out.getvalue()
