"""Where the functions of the database look for a table: never first among those that a request made for itself.

Requests may make temporary tables (imports stage rows in them), and PostgreSQL looks for an unqualified table among
these first, unless a function's search path names `pg_temp`. Without that, injected SQL could lay a table of its own
over `organisations_membership` and be believed by a function that runs as the owner.
"""

from typing import Any

PATH = "pg_catalog, public, pg_temp"

# Every function of the owner that decides something: it runs as the owner, guards a table, or fixes its path itself.
# Those of extensions belong to the superuser and touch no table of ours.
UNSETTLED = f"""
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = current_user::regrole
  AND (p.prosecdef OR p.prorettype = 'trigger'::regtype
       OR EXISTS (SELECT 1 FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%%public%%'))
  AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) s WHERE s = 'search_path={PATH}')
ORDER BY 1
"""  # noqa: S608  a constant


def settle(cursor: Any) -> int:
    """Let every function look into temporary tables last. Idempotent; as the owner. Returns how many were changed."""
    cursor.execute(UNSETTLED, [])
    names = [name for (name,) in cursor.fetchall()]
    for name in names:
        # The name comes from the catalogue, quoted by PostgreSQL itself.
        cursor.execute(f"ALTER FUNCTION {name} SET search_path = {PATH}")
    return len(names)
