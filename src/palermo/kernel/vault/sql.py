"""The SQL half of the vault: the one search over all persons, and the notices it leads to.

`vault_search` runs as the owner, so that it may look at every token, and gives back only persons on whom the asker
holds a live identity grant. Whether another organisation holds a match changes neither its answer nor what it writes:
every search writes one row into vault_pendingprobe. `vault_settle`, called by the worker and before notices are
read, turns those rows into notices later, outside the asker's request.
"""

_PINNED = "SET search_path = pg_catalog, public"
MOST_MATCHES = 50

_LIVE = (
    "g.revoked_at IS NULL AND g.valid_from <= clock_timestamp() "
    "AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp()) AND 'identity' = ANY (g.scopes)"
)

SEARCH = (
    """
CREATE FUNCTION vault_search(sought bytea[], telling bytea[]) RETURNS TABLE (person uuid, kinds smallint[])
LANGUAGE plpgsql SECURITY DEFINER PINNED SET plan_cache_mode = force_custom_plan AS $$
DECLARE me uuid := access_viewer(); mine uuid[] := access_grantees();
BEGIN
  IF me IS NULL THEN
    RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO vault_pendingprobe (asker, organisations, at, tokens)
  VALUES (me, access_organisations(), clock_timestamp(), telling);
  RETURN QUERY
    SELECT t.person_id, array_agg(DISTINCT t.kind ORDER BY t.kind)
    FROM vault_indextoken t
    WHERE t.token = ANY (sought)
      AND EXISTS (SELECT 1 FROM access_grant g
                  WHERE g.object_id = t.person_id AND g.grantee_id = ANY (mine) AND LIVE)
    GROUP BY t.person_id ORDER BY min(t.kind), count(*) DESC, t.person_id LIMIT MOST;
END $$
""".replace("PINNED", _PINNED)
    .replace("LIVE", _LIVE)
    .replace("MOST", str(MOST_MATCHES))
)

# The same since a grant can name roles: what does not reach the asker is no match for him.
REACHING_SEARCH = SEARCH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "ANY (mine) AND", "ANY (mine) AND access_reaches(g.grantee_id, g.roles) AND"
)

SETTLE = (
    """
CREATE FUNCTION vault_settle() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER PINNED AS $$
DECLARE probe vault_pendingprobe; written integer := 0; added integer;
BEGIN
  FOR probe IN DELETE FROM vault_pendingprobe WHERE id IN
      (SELECT id FROM vault_pendingprobe ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED) RETURNING *
  LOOP
    CONTINUE WHEN cardinality(probe.organisations) = 0;
    INSERT INTO vault_matchnotice (id, person_id, holder_id, asking_id, day, at)
    SELECT gen_random_uuid(), f.id, f.holder_id, probe.organisations[1], probe.at::date, probe.at
    FROM (SELECT p.id, p.holder_id FROM vault_indextoken t JOIN vault_person p ON p.id = t.person_id
          WHERE t.token = ANY (probe.tokens) AND p.erased_at IS NULL
            AND p.holder_id <> ALL (probe.organisations)
            AND NOT EXISTS (SELECT 1 FROM access_grant g
                            WHERE g.object_id = p.id AND g.grantee_id = ANY (probe.organisations || probe.asker)
                              AND LIVE)
          GROUP BY p.id, p.holder_id ORDER BY min(t.kind), count(*) DESC, p.id LIMIT MOST) f
    ON CONFLICT (person_id, asking_id, day) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    written := written + added;
  END LOOP;
  RETURN written;
END $$
""".replace("PINNED", _PINNED)
    .replace("LIVE", _LIVE)
    .replace("MOST", str(MOST_MATCHES))
)

# A code that is taken must not be told apart by who may see it; codes are random and say nothing.
FREE_CODES = """
CREATE FUNCTION vault_free_codes(wanted text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER PINNED AS $$
  SELECT array_agg(DISTINCT w) FROM unnest(wanted) w
  WHERE NOT EXISTS (SELECT 1 FROM vault_person p WHERE p.code = w)
$$
""".replace("PINNED", _PINNED)

CALLABLE = ("vault_search(bytea[], bytea[])", "vault_settle()", "vault_free_codes(text[])")

OPERATOR = "(SELECT access_kind()) = 'operator'"
HELD = "EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = {})"
NAMED = "access_granted({}, 'identity')"
OURS = "holder_id = ANY ((SELECT access_organisations())::uuid[])"


def statements() -> list[str]:
    made = [SEARCH.strip(), SETTLE.strip(), FREE_CODES.strip()]
    for name in CALLABLE:
        made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"]
    made.append("GRANT EXECUTE ON FUNCTION vault_search(bytea[], bytea[]) TO palermo_app")
    made.append("GRANT EXECUTE ON FUNCTION vault_free_codes(text[]) TO palermo_app")
    made.append("GRANT EXECUTE ON FUNCTION vault_settle() TO palermo_app, palermo_job")
    return made
