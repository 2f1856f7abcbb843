"""The credential wall: hashes, factors and sessions are sealed for their owner and written by proof only."""

import json

from django.db import migrations

import palermo.kernel.access.fields
from palermo.kernel.access import sql_credentials
from palermo.kernel.database.rls import Open, Protect


def seal(apps, schema_editor):
    """Seal what an older development instance holds. What does not open is taken away: its owner enrols again."""
    from palermo.kernel.access.fields import sealed_password
    from palermo.kernel.access.sealing import Unsealable, open_seed_of_release_0, seal_credential

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_session")
        cursor.execute("SELECT id, password FROM access_user WHERE password <> ''")
        for user_id, hashed in cursor.fetchall():
            cursor.execute(
                "UPDATE access_user SET password = %s WHERE id = %s",
                [sealed_password(hashed, user_id), user_id],
            )
        cursor.execute("SELECT id, user_id, type, data::text FROM mfa_authenticator")
        for factor_id, user_id, kind, text in cursor.fetchall():
            data = json.loads(text)
            try:
                for name in {"secret", "seed"} & set(data):
                    data[name] = open_seed_of_release_0(data[name])
            except Unsealable:
                cursor.execute("DELETE FROM mfa_authenticator WHERE id = %s", [factor_id])
                continue
            held = {"sealed": seal_credential(json.dumps(data), kind=kind, user_id=user_id)}
            cursor.execute(
                "UPDATE mfa_authenticator SET data = %s WHERE id = %s", [json.dumps(held), factor_id]
            )


class Migration(migrations.Migration):
    dependencies = [("access", "0006_notices_seen_by_each"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="password",
            field=palermo.kernel.access.fields.SealedPassword(max_length=255, verbose_name="password"),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunSQL(
            [(statement, None) for statement in sql_credentials.statements()], migrations.RunSQL.noop
        ),
        Open(
            "access_user",
            app="select, update (language, theme, last_login)",
            job="select",
            reason="staff accounts; needed before anybody is signed in; what opens them is written by proof only",
        ),
        Protect(
            "access_session",
            read=sql_credentials.OWN_SESSION,
            job=False,
            reason="one's own sessions; all else goes through the access_session_ functions, by proof",
        ),
    ]
