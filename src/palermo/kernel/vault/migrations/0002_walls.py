"""The search of the vault and the walls of its tables."""

from django.db import migrations

from palermo.kernel.database.rls import Open, Protect
from palermo.kernel.vault import sql


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("access", "0003_sign_in"), ("audit", "0002_chain")]

    operations = [
        *[migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in sql.statements()],
        Protect(
            "vault_organisationkey",
            read="true",
            insert="organisation_id = ANY ((SELECT access_organisations())::uuid[]) OR " + sql.OPERATOR,
            update=sql.OPERATOR,
            delete=sql.OPERATOR,
            reason="keys wrapped by the root key; only the operator replaces or removes one",
        ),
        Protect(
            "vault_person",
            read=f"{sql.OPERATOR} OR {sql.HELD.format('vault_person.id')}",
            insert=f"{sql.OPERATOR} OR {sql.OURS}",
            update=f"{sql.OPERATOR} OR {sql.NAMED.format('id')}",
            reason="persons by code; only with a live grant. The operator re-wraps keys and sees no identity",
        ),
        Protect(
            "vault_sealedfield",
            read=sql.NAMED.format("person_id"),
            insert=f"{sql.OPERATOR} OR {sql.NAMED.format('person_id')}",
            update=sql.NAMED.format("person_id"),
            delete=sql.NAMED.format("person_id"),
            job=False,
            reason="sealed identities; only with a live grant of scope identity",
        ),
        Protect(
            "vault_indextoken",
            read=sql.NAMED.format("person_id"),
            insert=f"{sql.OPERATOR} OR {sql.NAMED.format('person_id')}",
            delete=sql.NAMED.format("person_id"),
            job=False,
            reason="blind tokens; searched by vault_search alone",
        ),
        Open("vault_pendingprobe", app="", job="", reason="reachable only through vault_search and vault_settle"),
        Protect(
            "vault_matchnotice",
            read=sql.HELD.format("vault_matchnotice.person_id"),
            update=sql.HELD.format("vault_matchnotice.person_id"),
            job=False,
            reason="only those who hold a grant on the person learn that somebody searched",
        ),
    ]
