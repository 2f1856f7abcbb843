"""Do the three roles have only their powers, and is every table behind a wall or open for a reason?"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..roles import APP, JOB, ROLES
from .check import Check, Query, verdict

TABLES = """
SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), ''),
       c.relrowsecurity AND c.relforcerowsecurity,
       pg_get_userbyid(c.relowner),
       EXISTS (SELECT 1 FROM aclexplode(c.relacl) a WHERE a.grantee = 0),
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),
       EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles = '{0}')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
  AND c.relkind IN ('r', 'p')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""

# A view runs with its owner's rights unless it says otherwise; a materialised view has no policies at all.
VIEWS = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
  AND (c.relkind = 'm' OR c.relkind = 'v'
       AND NOT coalesce(c.reloptions, '{}') && '{security_invoker=true,security_invoker=on}')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  AND (has_table_privilege('palermo_app', c.oid, 'select')
       OR has_table_privilege('palermo_job', c.oid, 'select'))
"""

# Without a fixed search path that ends with pg_temp, whoever calls such a function chooses which tables it reads.
LOOSE_FUNCTIONS = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prosecdef
  AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%pg_temp')
"""


def walls(query: Query) -> Iterator[Check]:
    """Checks of the roles and of the walls around the tables, read from the catalogue."""
    yield _powers(query)
    rows = query(TABLES)
    yield verdict(
        "walls.classified",
        [name for name, comment, *_rest in rows if not comment.startswith(("protected:", "open:"))],
        _("Each of the %(count)s tables is protected, or open for a stated reason.") % {"count": len(rows)},
        _("These tables have no wall. Run the migrations of this release; if they stay, report it."),
    )
    yield verdict(
        "walls.forced",
        [
            name
            for name, comment, forced, _owner, _public, policies, _loose in rows
            if comment.startswith("protected:") and not (forced and policies)
        ],
        _("Row-level security is in force on every protected table, for its owner too."),
        _("These tables lost their wall. Stop palermo, and run its migrations again or restore a backup."),
    )
    yield verdict(
        "walls.owner",
        [f"{name}: {owner}" for name, _c, _f, owner, *_rest in rows if owner in (APP, JOB)],
        _("The application owns no table."),
        _("Give these tables to palermo_owner: ALTER TABLE ... OWNER TO palermo_owner"),
    )
    yield verdict(
        "walls.leaks",
        _leaks(query, rows),
        _("No view, function or grant leads around the walls."),
        _("Remove these grants and views, or set security_invoker and a fixed search_path."),
    )


def _powers(query: Query) -> Check:
    found = query(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles "
        "WHERE rolname = ANY (%s) OR rolname = session_user",
        [list(ROLES)],
    )
    names = ("superuser", "bypassrls", "createrole", "createdb", "replication")
    faults = [
        f"{role}: {name}" for role, *powers in found for name, held in zip(names, powers, strict=True) if held
    ]
    faults += [
        f"{member}: {of}"
        for member, of in query(
            "SELECT pg_get_userbyid(member), pg_get_userbyid(roleid) FROM pg_auth_members "
            "WHERE pg_get_userbyid(member) = ANY (%s)",
            [[APP, JOB]],
        )
    ]
    faults += [
        _("missing: %(role)s") % {"role": role} for role in sorted(set(ROLES) - {row[0] for row in found})
    ]
    (user,) = query("SELECT session_user::text")[0]
    if user not in (APP, JOB):
        faults.append(_("the application signs in as %(role)s") % {"role": user})
    return verdict(
        "roles.powers",
        faults,
        _("The roles of the database have no powers but their own."),
        _("Let DATABASE_URL name palermo_app, and run: ALTER ROLE ... NOSUPERUSER NOBYPASSRLS"),
    )


def _leaks(query: Query, rows: list[tuple[object, ...]]) -> list[str]:
    public = [f"{name}: PUBLIC" for name, _c, _f, _o, granted, _p, loose in rows if granted or loose]
    views = [f"{name}: view" for (name,) in query(VIEWS)]
    functions = [f"{name}(): search_path" for (name,) in query(LOOSE_FUNCTIONS)]
    return public + views + functions
