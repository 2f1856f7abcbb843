"""The search over all persons, with its candidates in order: rare tags first, and never more than it can open.

`vault_search` runs as the owner, so that it may look at every tag, and gives back the sealed identities of persons on
whom the asker holds a live identity grant, and nothing of anybody else: no row, no count, no rarity. How often a tag is
borne decides inside which tags are followed at all and which candidates come first.

A tag that nobody bears costs one look into the index, a tag that all bear no more than MOST_BORNE rows, and fewer
where it is unlikely that the person sought bears it (a year ten years off): such a tag counts only where it is rare.
Together they name at most MOST_NAMED persons (and those of the last tag), whoever is sought. So the work does not
depend on whether the one sought is there.
"""

from palermo.kernel.vault.sql import _LIVE, _PINNED

# Tried on 250,000 records of the generator: twice as many named or opened find next to nobody more.
MOST_BORNE = 3000
LEAST_BORNE = 50
# Times the chance: a third of the rows at the 95th percentile, and as many found (a million).
BORNE_BY_CHANCE = 10_000
MOST_NAMED = 4000
MOST_OPENED = 160
# For the order only: how many persons a tag is rare among. Tags overlap (a pair holds two sounds), so that the best one
# counts in full and the others for a quarter.
AMONG = 1_000_000
COMPARED = ("family_name", "given_names", "aliases", "birth_date", "nationality", "phone", "document_number")

RANKED_SEARCH = (
    """
CREATE FUNCTION vault_search(sought bytea[], chances real[], telling bytea[])
RETURNS TABLE (person uuid, code text, version integer, house_root integer, house_key bytea, wrapped bytea,
               tags integer[], fields text[], sealed bytea[])
LANGUAGE plpgsql SECURITY DEFINER PINNED SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE me uuid := access_viewer(); mine uuid[] := access_grantees();
BEGIN
  IF me IS NULL THEN
    RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO vault_pendingprobe (asker, organisations, at, tokens)
  VALUES (me, access_organisations(), clock_timestamp(), telling);
  RETURN QUERY
    WITH asked AS MATERIALIZED (
      SELECT a.no, a.chance, b.bearers, cardinality(b.bearers) AS borne
      FROM unnest(sought, chances) WITH ORDINALITY AS a (tag, chance, no)
      CROSS JOIN LATERAL (SELECT ARRAY(
        SELECT t.person_id FROM vault_indextoken t WHERE t.token = a.tag
        LIMIT least(greatest(a.chance * BORNE_BY_CHANCE, LEAST_BORNE), MOST_BORNE)::integer) AS bearers) b
    ), followed AS MATERIALIZED (
      SELECT *, sum(borne) OVER (ORDER BY borne / chance, no) - borne AS before FROM asked WHERE borne > 0
    ), named AS MATERIALIZED (
      SELECT p.id, max(worth) * 0.75 + sum(worth) * 0.25 AS weight, array_agg(DISTINCT no::integer) AS tags
      FROM (SELECT *, ln(greatest(chance * AMONG / borne, 1.1)) AS worth FROM followed WHERE before < MOST_NAMED) f
      CROSS JOIN LATERAL unnest(bearers) AS p (id) GROUP BY p.id
    ), opened AS MATERIALIZED (
      SELECT n.id, n.tags, n.weight FROM named n
      WHERE EXISTS (SELECT 1 FROM access_grant g
                    WHERE g.object_id = n.id AND g.grantee_id = ANY (mine) AND LIVE
                      AND (cardinality(g.roles) = 0 OR access_reaches(g.grantee_id, g.roles)))
      ORDER BY n.weight DESC, n.id LIMIT MOST_OPENED
    )
    SELECT p.id, p.code::text, p.version, k.root_version, k.wrapped, p.wrapped_key, o.tags, f.fields, f.sealed
    FROM opened o JOIN vault_person p ON p.id = o.id AND p.erased_at IS NULL
    JOIN vault_organisationkey k ON k.organisation_id = p.holder_id AND k.number = p.key_number
    CROSS JOIN LATERAL (
      SELECT array_agg(s.field::text) AS fields, array_agg(s.ciphertext) AS sealed
      FROM vault_sealedfield s WHERE s.person_id = p.id AND s.field = ANY ('{COMPARED}')) f
    ORDER BY o.weight DESC, o.id;
END $$
""".replace("PINNED", _PINNED)
    .replace("LIVE", _LIVE)
    .replace("BORNE_BY_CHANCE", str(BORNE_BY_CHANCE))
    .replace("MOST_BORNE", str(MOST_BORNE))
    .replace("LEAST_BORNE", str(LEAST_BORNE))
    .replace("MOST_NAMED", str(MOST_NAMED))
    .replace("MOST_OPENED", str(MOST_OPENED))
    .replace("AMONG", str(AMONG))
    .replace("COMPARED", ",".join(COMPARED))
)

CALLABLE = "vault_search(bytea[], real[], bytea[])"
