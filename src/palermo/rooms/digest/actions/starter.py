"""What the digest says of the landmark decisions that palermo ships: our words, no quotations, to be checked."""

INTROS = [
    {"issue": "consent", "language": "en", "text": "Where a means was used, consent to the intended exploitation "
     "does not count; with children no means is asked for. Courts meet consent in two forms: as a defence, and as an "
     "impression that colours everything else."},
    {"issue": "consent", "language": "fr", "text": "Là où un moyen a été employé, le consentement à l’exploitation "
     "envisagée ne compte pas ; pour les enfants, aucun moyen n’est exigé. Les tribunaux rencontrent le consentement "
     "comme moyen de défense et comme impression qui teinte tout le reste."},
    {"issue": "consent", "language": "ar", "text": "حيثما استُخدمت وسيلة لا يُعتد بالرضا بالاستغلال المقصود، "
     "ولا تُشترط أي وسيلة إذا كانت الضحية طفلًا. وتلقى المحاكم الرضا دفعًا من دفوع المتهم وانطباعًا يلوّن كل ما عداه."},
]  # fmt: skip


def _one(
    case: str, issue: str, stage: str, bears_on: str, direction: str, note: str, standing: str = "ruling"
) -> dict[str, str]:
    return {
        "case": case, "issue": issue, "stage": stage, "standing": standing, "bears_on": bears_on,
        "direction": direction, "note": note, "note_language": "en",
    }  # fmt: skip


FINDINGS = [
    _one("chowdury-v-greece", "consent", "international", "means", "strengthens",
         "That the workers had agreed to the work beforehand did not rule out forced labour where the employer took "
         "advantage of their vulnerability."),
    _one("chowdury-v-greece", "vulnerability-migration", "international", "means", "strengthens",
         "Irregular stay without resources counted towards the vulnerability of which advantage was taken.", "mosaic"),
    _one("chowdury-v-greece", "isolation", "international", "purpose", "neutral",
         "Being free to move about did not by itself rule out forced labour."),
    _one("siliadin-v-france", "documents-identity", "international", "purpose", "strengthens",
         "That her papers had been taken from her was among the circumstances on which servitude was found.", "mosaic"),
    _one("siliadin-v-france", "vulnerability-age", "international", "purpose", "strengthens",
         "Her being a minor, far from her family and without means, was part of the picture.", "mosaic"),
    _one("rantsev-v-cyprus-and-russia", "mosaic", "international", "conviction", "neutral",
         "The authorities had to look at the surroundings as a whole: a visa scheme known for trafficking, the handing "
         "back to the manager, the death the same night.", "mosaic"),
    _one("sm-v-croatia", "corroboration", "international", "conviction", "neutral",
         "Leaning on her testimony alone, while obvious lines of inquiry were left unfollowed, fell short of an "
         "effective investigation."),
    _one("vcl-and-an-v-uk", "non-punishment", "international", "conviction", "neutral",
         "Before possible victims are prosecuted, a qualified person has to assess whether they were trafficked."),
    _one("r-v-tang", "debt", "highest", "purpose", "strengthens",
         "The debts that the women had to work off were among the facts from which powers of ownership were inferred.",
         "mosaic"),
    _one("cn-and-v-v-france", "vulnerability-relation", "international", "purpose", "neutral",
         "That the host was a relative did not stand in the way of finding servitude for the elder sister."),
    _one("le-v-greece", "delay", "international", "conviction", "neutral",
         "It was the authorities' delay in recognising her, not hers, that counted against the State."),
]  # fmt: skip
