"""Two persons of the vault may be one: a link beside them, which two people make and which can be undone."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Greatest, Least

from palermo.kernel.database.rls import Protect
from palermo.kernel.vault import sql_pairs

STATES = [
    ("proposed", "waits for a second person"),
    ("same", "one person"),
    ("different", "two persons"),
    ("unsure", "not known"),
    ("withdrawn", "the proposal was withdrawn"),
    ("undone", "undone: two persons again"),
]
GROUNDS = [
    ("document", "The documents say so"),
    ("facts", "Name, date of birth or place say so"),
    ("person", "The person says so"),
    ("colleague", "The other organisation says so"),
    ("relatives", "They are relatives, or share a telephone or an address"),
    ("mistake", "It was a mistake"),
    ("other", "Another reason, written in the case"),
    ("erased", "The identity of one was erased"),
]
BOTH = models.Q(answered_by__isnull=False, right__isnull=False)


def kept(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(to=to, on_delete=django.db.models.deletion.PROTECT, related_name="+", **more)


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0004_reaching_search"),
        ("organisations", "0002_proposals"),
        ("access", "0010_grants_of_a_house"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pairing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("left_code", models.CharField(max_length=12)),
                ("right_code", models.CharField(max_length=12)),
                ("state", models.CharField(choices=STATES, max_length=12)),
                ("ground", models.CharField(choices=GROUNDS, max_length=12)),
                ("since", models.DateTimeField()),
                ("left", kept("vault.person")),
                ("right", kept("vault.person", null=True)),
                ("proposed_by", kept(settings.AUTH_USER_MODEL)),
                ("proposed_house", kept("organisations.organisation")),
                ("answered_by", kept(settings.AUTH_USER_MODEL, null=True)),
                ("answered_house", kept("organisations.organisation", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["left_code"], name="pairing_by_left"),
                    models.Index(fields=["right_code"], name="pairing_by_right"),
                    models.Index(
                        condition=models.Q(state="proposed"), fields=["since"], name="pairings_that_wait"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        Least("left_code", "right_code"),
                        Greatest("left_code", "right_code"),
                        name="a_pair_has_one_row",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(left_code=models.F("right_code")),
                        name="nobody_is_paired_with_himself",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(state="same")
                        | BOTH & ~models.Q(answered_by=models.F("proposed_by")),
                        name="two_people_say_that_two_are_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PairingStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("deed", models.CharField(max_length=12)),
                ("state", models.CharField(choices=STATES, max_length=12)),
                ("ground", models.CharField(blank=True, choices=GROUNDS, max_length=12)),
                ("by", kept(settings.AUTH_USER_MODEL, null=True)),
                ("house", kept("organisations.organisation", null=True)),
                (
                    "pairing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="vault.pairing"
                    ),
                ),
            ],
            options={"ordering": ("id",)},
        ),
        *[migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in sql_pairs.statements()],
        Protect(
            "vault_pairing",
            read=sql_pairs.READ,
            job=False,
            reason="that two persons are one; who holds one of them reads it. Written by vault_pair alone",
        ),
        Protect(
            "vault_pairingstep",
            read=sql_pairs.READ_STEP,
            job=False,
            reason="the history of a pair; who reads the pair reads it. Written by vault_pair alone",
        ),
    ]
