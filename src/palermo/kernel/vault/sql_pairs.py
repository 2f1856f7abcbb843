"""The SQL half of "these two persons are one": a link beside two persons that each stay as they are.

A proposal names the other person by its code. The functions run as the owner, because whoever proposes may neither see
nor learn whether somebody has that code: the answer, what is written for him and what he reads are the same. Who holds
the other person is told. Nothing here gives a grant: what each may see of a person stays what it was.
"""

# Constant texts that make functions; no value of anybody is put into them.
# ruff: noqa: S608

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
_NOW = (
    "g.revoked_at IS NULL AND NOT g.break_glass AND g.valid_from <= clock_timestamp() "
    "AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())"
)
# Who meets persons in his work (apps.MEETS_PERSONS).
_MEETS = "'{first_responder,case_manager,supervisor,child_protection,competent_authority}'::text[]"
# Who of a team or a house is told, where it was given the person as a whole.
_TOLD = "'{case_manager,supervisor,child_protection}'::text[]"

FUNCTIONS = [
    # The houses that answer for a person: the one that registered it while it holds it, otherwise all that hold it.
    # Emergencies do not count, nor does an erased person.
    f"""
CREATE FUNCTION vault_houses(person uuid) RETURNS uuid[] LANGUAGE sql STABLE {_DEFINER} AS $$
  WITH held AS (
    SELECT DISTINCT CASE g.grantee_kind WHEN 'organisation' THEN g.grantee_id
                                        WHEN 'unit' THEN u.organisation_id ELSE g.house_id END AS id
    FROM public.access_grant g LEFT JOIN public.organisations_unit u ON u.id = g.grantee_id
    WHERE g.object_id = person AND {_NOW})
  SELECT coalesce((SELECT CASE WHEN p.holder_id IN (SELECT id FROM held) THEN ARRAY[p.holder_id]
                               ELSE ARRAY(SELECT id FROM held WHERE id IS NOT NULL ORDER BY id) END
                   FROM public.vault_person p WHERE p.id = person AND p.erased_at IS NULL), '{{}}')
$$
""",
    # Those of them in whose name the viewer can speak for the person: he holds it, and meets persons in that house.
    f"""
CREATE FUNCTION vault_sides(person uuid) RETURNS uuid[] LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT CASE WHEN public.access_holds(person, 'case') THEN ARRAY(
    SELECT h FROM unnest(public.vault_houses(person)) h WHERE EXISTS (
      SELECT 1 FROM public.organisations_membership m WHERE m.user_id = public.access_viewer()
        AND m.organisation_id = h AND m.ended_at IS NULL AND m.role = ANY ({_MEETS})) ORDER BY h)
  ELSE '{{}}' END
$$
""",
    # A notice to everybody who works on one of the persons in a house that answers for it, but for who did it.
    f"""
CREATE FUNCTION vault_tell(people uuid[], what text, pair uuid) RETURNS void LANGUAGE sql {_DEFINER} AS $$
  INSERT INTO public.access_notice (id, kind, object_kind, object_id, user_id, role, created_at)
  SELECT gen_random_uuid(), what, 'pairing', pair, told.id, '', clock_timestamp() FROM (
    SELECT DISTINCT m.user_id AS id FROM unnest(people) person
      JOIN public.access_grant g ON g.object_id = person AND {_NOW}
      JOIN public.organisations_membership m ON m.ended_at IS NULL AND m.role = ANY ({_MEETS})
        AND m.organisation_id = ANY (public.vault_houses(person))
        AND (g.grantee_id = m.user_id OR (g.grantee_id IN (m.organisation_id, m.unit_id) AND m.role = ANY ({_TOLD})
             AND (cardinality(g.roles) = 0 OR m.role = ANY (g.roles))))
      JOIN public.access_user u ON u.id = m.user_id AND u.is_active
    WHERE m.user_id <> public.access_viewer()) told
$$
""",
    # Propose that two are one, or say at once that they are two. `came`: done, absent, refused, self, or the state that
    # stands in the way.
    f"""
CREATE FUNCTION vault_pair(person uuid, other text, wanted text, why text, OUT pair uuid, OUT came text)
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  own public.vault_person; theirs public.vault_person; row public.vault_pairing; houses uuid[];
  at timestamptz := clock_timestamp();
  new_state text := CASE wanted WHEN 'propose' THEN 'proposed' ELSE 'different' END;
BEGIN
  came := 'absent';
  IF wanted NOT IN ('propose', 'apart') OR NOT public.access_granted(person, 'case') THEN RETURN; END IF;
  SELECT * INTO own FROM public.vault_person p WHERE p.id = person AND p.erased_at IS NULL;
  SELECT * INTO theirs FROM public.vault_person p WHERE p.code = other AND p.erased_at IS NULL;
  IF own.id IS NULL THEN RETURN; END IF;
  IF own.code = other THEN came := 'self'; RETURN; END IF;
  IF wanted = 'apart' AND (theirs.id IS NULL OR NOT public.access_holds(theirs.id, 'case')) THEN RETURN; END IF;
  houses := public.vault_sides(own.id);
  IF cardinality(houses) = 0 AND theirs.id IS NOT NULL AND public.access_holds(own.id, 'case') THEN
    -- He sees both and answers for the other one: then that is his side.
    houses := public.vault_sides(theirs.id);
    IF cardinality(houses) > 0 THEN
      row.left_id := own.id; row.left_code := own.code;
      own := theirs; other := row.left_code;
      SELECT * INTO theirs FROM public.vault_person p WHERE p.id = row.left_id;
    END IF;
  END IF;
  IF cardinality(houses) = 0 THEN came := 'refused'; RETURN; END IF;
  INSERT INTO public.vault_pairing (id, version, created_at, updated_at, left_id, left_code, right_code, state, ground,
      proposed_by_id, proposed_house_id, since)
  VALUES (gen_random_uuid(), 1, at, at, own.id, own.code, other, 'unsure', why, public.access_viewer(), houses[1], at)
  ON CONFLICT DO NOTHING;
  SELECT * INTO row FROM public.vault_pairing p WHERE least(p.left_code, p.right_code) = least(own.code, other)
    AND greatest(p.left_code, p.right_code) = greatest(own.code, other) FOR UPDATE;
  pair := row.id;
  IF row.state IN ('proposed', 'same', 'different') THEN came := row.state; RETURN; END IF;
  UPDATE public.vault_pairing p SET left_id = own.id, left_code = own.code, right_id = NULL, right_code = other,
      state = new_state, ground = why, proposed_by_id = public.access_viewer(), proposed_house_id = houses[1],
      answered_by_id = CASE wanted WHEN 'apart' THEN public.access_viewer() END,
      answered_house_id = CASE wanted WHEN 'apart' THEN houses[1] END,
      since = at, updated_at = at, version = p.version + 1
  WHERE p.id = row.id;
  INSERT INTO public.vault_pairingstep (pairing_id, at, deed, state, ground, by_id, house_id)
  VALUES (row.id, at, wanted, new_state, why, public.access_viewer(), houses[1]);
  IF wanted = 'propose' AND theirs.id IS NOT NULL THEN
    PERFORM public.vault_tell(CASE WHEN public.vault_houses(own.id) && public.vault_houses(theirs.id)
      THEN ARRAY[own.id, theirs.id] ELSE ARRAY[theirs.id] END, 'same_person_proposed', row.id);
  END IF;
  came := 'done';
END $$
""",
    # What the viewer can do with a pair now. In one house whoever holds either of the two may be the second person;
    # between two houses only who answers for the other one. Whoever proposed it never is.
    f"""
CREATE FUNCTION vault_pair_may(pair uuid) RETURNS text[] LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  p public.vault_pairing; r uuid; lh uuid[]; rh uuid[]; ls uuid[]; rs uuid[]; may text[] := '{{}}';
BEGIN
  SELECT * INTO p FROM public.vault_pairing v WHERE v.id = pair;
  SELECT v.id INTO r FROM public.vault_person v WHERE v.code = p.right_code;
  lh := public.vault_houses(p.left_id); rh := public.vault_houses(r);
  ls := public.vault_sides(p.left_id); rs := public.vault_sides(r);
  IF p.state = 'proposed' THEN
    IF p.proposed_by_id <> public.access_viewer()
       AND (cardinality(rs) > 0 OR (lh && rh AND cardinality(ls) > 0)) THEN
      -- The side that proposed must still answer for its person: nobody is spoken for by who has left him.
      IF p.proposed_house_id = ANY (lh) AND cardinality(rh) > 0 THEN may := may || 'confirm'::text; END IF;
      may := may || '{{different,unsure}}'::text[];
    END IF;
    IF cardinality(ls) > 0 THEN may := may || 'withdraw'::text; END IF;
  ELSIF p.state = 'same' AND cardinality(ls || rs) > 0 THEN
    may := may || 'undo'::text;
  ELSIF p.state = 'different' AND (p.answered_house_id = ANY (ls || rs)
      OR (cardinality(ls || rs) > 0 AND NOT p.answered_house_id = ANY (lh || rh))) THEN
    may := may || 'reopen'::text;
  END IF;
  RETURN may;
END $$
""",
    # Answer, withdraw, undo or ask anew. `came` as above, or own (he proposed it) and stale (who proposed it has left).
    f"""
CREATE FUNCTION vault_pair_move(pair uuid, event text, why text, OUT came text, OUT own uuid, OUT other uuid)
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  p public.vault_pairing; r uuid; may text[]; spoke uuid[]; new_state text; at timestamptz := clock_timestamp();
BEGIN
  came := 'absent';
  SELECT * INTO p FROM public.vault_pairing v WHERE v.id = pair FOR UPDATE;
  SELECT v.id INTO r FROM public.vault_person v WHERE v.code = p.right_code;
  IF p.id IS NULL OR NOT (public.access_granted(p.left_id, 'case') OR public.access_granted(r, 'case')) THEN
    RETURN;
  END IF;
  may := public.vault_pair_may(pair);
  new_state := CASE event WHEN 'confirm' THEN 'same' WHEN 'different' THEN 'different' WHEN 'unsure' THEN 'unsure'
    WHEN 'withdraw' THEN 'withdrawn' WHEN 'undo' THEN 'undone' WHEN 'reopen' THEN 'unsure' END;
  IF new_state IS NULL OR NOT event = ANY (may) THEN
    came := CASE
      WHEN p.state <> CASE event WHEN 'undo' THEN 'same' WHEN 'reopen' THEN 'different' ELSE 'proposed' END THEN p.state
      WHEN p.proposed_by_id = public.access_viewer() AND p.state = 'proposed' THEN 'own'
      WHEN event = 'confirm' AND 'different' = ANY (may) THEN 'stale'
      ELSE 'refused' END;
    RETURN;
  END IF;
  spoke := public.vault_sides(r) || public.vault_sides(p.left_id);
  IF event = 'withdraw' THEN spoke := public.vault_sides(p.left_id); END IF;
  UPDATE public.vault_pairing v SET state = new_state, since = at, updated_at = at, version = v.version + 1,
      right_id = CASE event WHEN 'confirm' THEN r END,
      answered_by_id = CASE WHEN event IN ('withdraw', 'undo', 'reopen') THEN v.answered_by_id
                            ELSE public.access_viewer() END,
      answered_house_id = CASE WHEN event IN ('withdraw', 'undo', 'reopen') THEN v.answered_house_id ELSE spoke[1] END
  WHERE v.id = pair;
  INSERT INTO public.vault_pairingstep (pairing_id, at, deed, state, ground, by_id, house_id)
  VALUES (pair, at, event, new_state, coalesce(why, ''), public.access_viewer(), spoke[1]);
  IF event IN ('confirm', 'undo') THEN
    PERFORM public.vault_tell(ARRAY[p.left_id, r],
      CASE event WHEN 'confirm' THEN 'same_person_confirmed' ELSE 'same_person_undone' END, pair);
  ELSIF event IN ('different', 'unsure') THEN
    PERFORM public.vault_tell(ARRAY[p.left_id], 'same_person_refused', pair);
  END IF;
  came := 'done'; own := p.left_id; other := r;
END $$
""",
    # Who answers for the two while both sides say that they are one: then, and not before, they know of each other.
    f"""
CREATE FUNCTION vault_pair_houses(pair uuid) RETURNS TABLE (code text, house uuid) LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT side.code, h FROM public.vault_pairing p
    CROSS JOIN LATERAL (VALUES (p.left_code, p.left_id), (p.right_code, p.right_id)) side (code, id)
    CROSS JOIN LATERAL unnest(public.vault_houses(side.id)) h
  WHERE p.id = pair AND p.state = 'same'
    AND (public.access_granted(p.left_id, 'case') OR public.access_granted(p.right_id, 'case'))
$$
""",
    # An erased person is one with nobody. Only for who may erase it, as the wall of vault_person says. What was asked
    # about it from elsewhere stays as it is: an end would tell the asker that there was such a code.
    f"""
CREATE FUNCTION vault_pair_erased(person uuid) RETURNS integer LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE gone uuid; ended integer := 0; at timestamptz := clock_timestamp();
BEGIN
  IF NOT public.access_granted(person, 'identity') THEN RETURN 0; END IF;
  FOR gone IN
    UPDATE public.vault_pairing v SET state = CASE v.state WHEN 'same' THEN 'undone' ELSE 'withdrawn' END,
      right_id = NULL, ground = 'erased', since = at, updated_at = at, version = v.version + 1
    FROM public.vault_person p WHERE p.id = person AND (
      (v.state IN ('same', 'proposed') AND v.left_id = p.id) OR (v.state = 'same' AND v.right_code = p.code))
    RETURNING v.id
  LOOP
    INSERT INTO public.vault_pairingstep (pairing_id, at, deed, state, ground, by_id, house_id)
    SELECT v.id, at, 'erase', v.state, 'erased', NULL, NULL FROM public.vault_pairing v WHERE v.id = gone;
    ended := ended + 1;
  END LOOP;
  RETURN ended;
END $$
""",
]

CALLABLE = (
    "vault_sides(uuid)",
    "vault_pair(uuid, text, text, text)",
    "vault_pair_may(uuid)",
    "vault_pair_move(uuid, text, text)",
    "vault_pair_houses(uuid)",
    "vault_pair_erased(uuid)",
)
NOT_CALLABLE = ("vault_houses(uuid)", "vault_tell(uuid[], text, uuid)")

# The second question is answered under the wall of vault_person: only who holds that person knows that the code is his.
READ = (
    "EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = vault_pairing.left_id) "
    "OR EXISTS (SELECT 1 FROM vault_person p WHERE p.code = vault_pairing.right_code)"
)
READ_STEP = "EXISTS (SELECT 1 FROM vault_pairing p WHERE p.id = vault_pairingstep.pairing_id)"


def statements() -> list[str]:
    """Everything in order: functions, then who may call them."""
    made = [text.strip() for text in FUNCTIONS]
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (*CALLABLE, *NOT_CALLABLE)]
    return made + [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app" for name in CALLABLE]
