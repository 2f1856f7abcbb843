"""The old house of a case reads its own period; the legal status goes along; a packet says on what it rests."""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("palermo.rooms.referral.migrations.0002_roles_of_grants")

STATUS = "identification_of_case(c.id)"
# The authority keeps what was referred to it; who decides has nothing to do with who helps.
OF_AUTHORITY = "identification_authority_grant(c.id)"
HAND_OVER = (
    BEFORE.HAND_OVER.replace("(referral_id, case_id, grantee_id,", "(referral_id, case_id, case_code, grantee_id,")
    .replace("ref, c.id, g.grantee_id, g.scopes", "ref, c.id, c.code, g.grantee_id, g.scopes")
    # The moment itself, not that of the beginning of the transaction: what was written meanwhile is before it.
    .replace("g.scopes, now(), g.roles FROM", "g.scopes, clock_timestamp(), g.roles FROM")
    # What was given until a day, and had ended before, is no part of anybody's period.
    .replace(
        "WHERE g.object_id = c.id AND g.revoked_at IS NULL AND NOT g.break_glass;",
        "WHERE g.object_id = c.id AND g.revoked_at IS NULL AND NOT g.break_glass\n"
        "      AND (g.valid_until IS NULL OR g.valid_until > now());",
    )
    .replace(
        "AND (g.object_id = c.id OR (",
        f"AND (g.object_id = c.id\n      OR (g.object_id = {STATUS} AND g.id IS DISTINCT FROM {OF_AUTHORITY}) OR (",
    )
    .replace(
        "ARRAY['case', 'identity'])) AS o(kind, id, scopes),",
        "ARRAY['case', 'identity']),\n"
        f"               ('identification', {STATUS}, ARRAY['case'])) AS o(kind, id, scopes),",
    )
    .replace("m.role = 'supervisor' AND m.ended_at IS NULL) AS t;",
             "m.role = 'supervisor' AND m.ended_at IS NULL) AS t\n  WHERE o.id IS NOT NULL;")
)  # fmt: skip
PERIOD = "EXISTS (SELECT 1 FROM referral_past p WHERE p.case_id = {0} AND {1})"
# Policies beside those of the rooms that keep the tables: they add a way to read, and take none away. referral_past
# has its own wall, so each finds only what he himself held, while he still has a role of case work.
PERIODS = (
    ("cases_note", PERIOD.format("cases_note.case_id", "'notes' = ANY (p.scopes) AND cases_note.written_at <= p.until")),
    ("vault_textkey", PERIOD.format("vault_textkey.object_id", "'notes' = ANY (p.scopes)")),
    (
        "workflow_transition",
        PERIOD.format("workflow_transition.object_id", "'case' = ANY (p.scopes) AND workflow_transition.at <= p.until"),
    ),
)
CLOSED = ("closed", "The organisation has closed")
DECLINE = [
    ("full", "No place or no capacity"),
    ("not_ours", "Not what this service does"),
    ("not_for_them", "Not for this age, sex or family"),
    ("area", "Outside our area"),
    ("safety", "The person would not be safe here"),
    ("language", "No interpreter"),
    CLOSED,
    ("other", "Another reason, told by telephone"),
]
OUTCOME = [
    ("helped", "The need was met"),
    ("partly", "Met in part"),
    ("no_contact", "The person could not be reached"),
    ("left", "The person left or did not want it any more"),
    ("no_means", "We could not provide it after all"),
    ("not_suitable", "It was not the right help"),
    CLOSED,
]


class Migration(migrations.Migration):
    dependencies = [
        ("referral", "0002_roles_of_grants"),
        ("identification", "0006_status_of_case"),
        ("vault", "0003_text_keys"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.AddField("past", "case_code", models.CharField(blank=True, default="", max_length=12), False),
        migrations.AddField("packet", "basis_kind", models.CharField(blank=True, default="", max_length=20), False),
        migrations.AlterField(
            "referral",
            "decline",
            models.CharField(blank=True, choices=DECLINE, max_length=20, verbose_name="why not"),
        ),
        migrations.AlterField(
            "referral",
            "outcome",
            models.CharField(blank=True, choices=OUTCOME, max_length=20, verbose_name="outcome"),
        ),
        migrations.RunSQL(HAND_OVER, BEFORE.HAND_OVER),
        *(
            migrations.RunSQL(
                f"CREATE POLICY own_period ON {table} FOR SELECT TO palermo_app USING ({wall})",
                f"DROP POLICY own_period ON {table}",
            )
            for table, wall in PERIODS
        ),
    ]
