"""Shared sign-in limits, demonstration accounts, notices; emergency access that cannot be passed on; walls for roles."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.access import sql_grants
from palermo.kernel.database.rls import Open, Protect


class Migration(migrations.Migration):
    dependencies = [("access", "0002_walls"), ("organisations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("key", models.CharField(max_length=250, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["expires_at"], name="counter_by_end")]},
        ),
        Open("access_counter", reason="counts of failed sign-ins and used codes, under hashed keys; shared by workers"),
        migrations.CreateModel(
            name="DemoAccount",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        Open("access_demoaccount", app="select", reason="which accounts are of the demonstration; the owner writes it"),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                ("object_id", models.UUIDField(null=True)),
                ("role", models.CharField(blank=True, default="", max_length=30)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(fields=["organisation", "role", "-created_at"], name="notice_by_role"),
                    models.Index(fields=["user", "-created_at"], name="notice_by_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user__isnull", False), models.Q(("role", ""), _negated=True), _connector="OR"),
                        name="notices_have_a_reader",
                    )
                ],
            },
        ),
        Protect(
            "access_notice",
            read=sql_grants.MY_NOTICE,
            insert=sql_grants.KNOWN,
            update=sql_grants.MY_NOTICE,
            reason="only notices to oneself, or to one's role in one's organisation",
        ),
        migrations.RunSQL(
            [(statement, None) for statement in sql_grants.statements()], migrations.RunSQL.noop
        ),
        Protect(
            "organisations_membership",
            read="true",
            insert=sql_grants.MAY_GIVE_ROLES,
            update=sql_grants.MAY_GIVE_ROLES,
            reason="staff roles, read by every policy; only administrators and the command line change them",
        ),
    ]
