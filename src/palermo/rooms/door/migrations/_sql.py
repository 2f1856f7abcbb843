"""The walls of the door. SECURITY DEFINER, owned by palermo_owner, pinned search path.

Who comes with a code is nobody to the database. What the code opens is said here and nowhere else: every function
takes the keyed hash of the code, finds the one request or the one person that it stands for, and touches nothing but
hers. The hash cannot be guessed (74 bits under a key outside the database) nor read (door_code has no reader).
"""

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
WORKERS = "'first_responder', 'case_manager', 'supervisor', 'child_protection'"

FUNCTIONS = [
    f"""
CREATE FUNCTION door_find(code bytea, OUT kind text, OUT object uuid) LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT c.kind, c.object_id FROM public.door_code c
  WHERE c.hash = code AND (c.valid_until IS NULL OR c.valid_until > statement_timestamp())
    AND (c.kind <> 'page' OR EXISTS (SELECT 1 FROM public.door_personpage p WHERE p.id = c.object_id
         AND p.ended_at IS NULL AND p.valid_until > statement_timestamp()))
$$
""",
    f"""
CREATE FUNCTION door_put(code bytea, kind text, object uuid, until timestamptz) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF NOT coalesce(CASE kind
      WHEN 'request' THEN public.access_kind() = 'operator'
        AND NOT EXISTS (SELECT 1 FROM public.door_code c WHERE c.object_id = object)
      WHEN 'page' THEN EXISTS (SELECT 1 FROM public.door_personpage p WHERE p.id = object
        AND p.made_by_id = public.access_viewer() AND p.ended_at IS NULL AND public.access_granted(p.case_id, 'case'))
    END, false) OR octet_length(code) <> 32 THEN
    RAISE EXCEPTION 'this code is not yours to give' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.door_code (hash, kind, object_id, made_at, valid_until)
  VALUES (code, kind, object, clock_timestamp(), until);
END $$
""",
    f"""
CREATE FUNCTION door_page(code bytea) RETURNS SETOF public.door_personpage LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT p.* FROM public.door_find(code) f JOIN public.door_personpage p ON p.id = f.object WHERE f.kind = 'page'
$$
""",
    # What a code may write to and read from: its request, or the complaints of its case.
    f"""
CREATE FUNCTION door_reaches(code bytea, thing uuid) RETURNS boolean LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT EXISTS (SELECT 1 FROM public.door_find(code) f WHERE f.kind = 'request' AND f.object = thing)
      OR EXISTS (SELECT 1 FROM public.door_page(code) p JOIN public.door_complaint c ON c.case_id = p.case_id
                 WHERE c.id = thing)
      OR EXISTS (SELECT 1 FROM public.door_page(code) p JOIN public.door_feedback b ON b.case_id = p.case_id
                 WHERE b.id = thing)
$$
""",
    f"""
CREATE FUNCTION door_words(code bytea, thing uuid) RETURNS SETOF public.door_word LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT w.* FROM public.door_word w WHERE w.object_id = thing AND public.door_reaches(code, thing) ORDER BY w.at
$$
""",
    f"""
CREATE FUNCTION door_write(code bytea, thing uuid, word uuid, sealed bytea) RETURNS boolean
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF NOT public.door_reaches(code, thing) THEN
    RAISE EXCEPTION 'this code does not open that' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.door_word (id, object_id, from_person, sealed, at)
  VALUES (word, thing, true, sealed, clock_timestamp()) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.door_helprequest SET last_at = clock_timestamp() WHERE id = thing;
  RETURN true;
END $$
""",
    # Words, telephone, code and key go; what is left is a count. Only the system and the holder of the code erase.
    f"""
CREATE FUNCTION door_erase(thing uuid) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF public.access_kind() <> 'operator' AND NOT (public.access_has('supervisor')
      AND public.access_granted(thing, 'case')) THEN
    RAISE EXCEPTION 'only the system erases' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM 1 FROM public.door_helprequest r WHERE r.id = thing;
  IF NOT FOUND THEN RETURN; END IF;
  DELETE FROM public.door_word w WHERE w.object_id = thing;
  DELETE FROM public.door_contact c WHERE c.request_id = thing;
  DELETE FROM public.door_code c WHERE c.object_id = thing;
  DELETE FROM public.vault_textkey k WHERE k.object_id = thing;
  UPDATE public.door_helprequest SET erased_at = clock_timestamp() WHERE id = thing AND erased_at IS NULL;
END $$
""",
    f"""
CREATE FUNCTION door_desks() RETURNS TABLE (organisation uuid, name text, languages text[])
LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT o.id, o.name::text, d.languages::text[] FROM public.door_desk d
  JOIN public.organisations_organisation o ON o.id = d.organisation_id
  WHERE d.is_open AND (o.closed_on IS NULL OR o.closed_on > current_date) ORDER BY o.name
$$
""",
    # The ledger of the one person whose page it is; never who wrote it, or in which case.
    f"""
CREATE FUNCTION door_ledger(code bytea) RETURNS TABLE (id uuid, purpose text, categories text[], recipients uuid[],
  decision text, asked_at timestamptz, valid_until timestamptz, withdrawn_at timestamptz)
LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT c.id, c.purpose::text, c.categories::text[], c.recipients, c.decision::text, c.asked_at, c.valid_until, w.at
  FROM public.door_page(code) p JOIN public.consents_consent c ON c.person_id = p.person_id AND c.case_id = p.case_id
  LEFT JOIN public.consents_withdrawal w ON w.consent_id = c.id ORDER BY c.asked_at DESC, c.written_at DESC
$$
""",
    f"""
CREATE FUNCTION door_questions(code bytea) RETURNS SETOF public.door_question LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT q.* FROM public.door_page(code) p JOIN public.door_question q
    ON q.case_id = p.case_id AND q.person_id = p.person_id
  WHERE q.answered_at IS NULL ORDER BY q.asked_at
$$
""",
    # Her own withdrawal: of a consent of her own, given, not taken back yet. Nobody is named as who wrote it.
    f"""
CREATE FUNCTION door_take_back(code bytea, consent uuid) RETURNS text LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE found_purpose text;
BEGIN
  SELECT l.purpose INTO found_purpose FROM public.door_ledger(code) l
    WHERE l.id = consent AND l.decision = 'given' AND l.withdrawn_at IS NULL;
  IF found_purpose IS NULL THEN RETURN NULL; END IF;
  INSERT INTO public.consents_withdrawal (consent_id, at, note) VALUES (consent, clock_timestamp(), 'own page')
  ON CONFLICT (consent_id) DO NOTHING;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN found_purpose;
END $$
""",
    # Her own answer to a question that was put to her: whose words it has is who asked, whose answer it is is she.
    f"""
CREATE FUNCTION door_answer(code bytea, question uuid, answer text, language text) RETURNS uuid
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE q public.door_question; made uuid := gen_random_uuid();
BEGIN
  SELECT * INTO q FROM public.door_questions(code) d WHERE d.id = question;
  IF q.id IS NULL OR answer NOT IN ('given', 'refused') THEN RETURN NULL; END IF;
  UPDATE public.door_question SET answered_at = clock_timestamp(), consent_id = made
    WHERE id = question AND answered_at IS NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO public.consents_consent (id, person_id, case_id, purpose, categories, recipients, valid_until, written_at,
    decision, speaker, child_view, language, interpreting, form_version, asked_at, written_by_id)
  VALUES (made, q.person_id, q.case_id, q.purpose, q.categories, q.recipients, q.valid_until, clock_timestamp(),
    answer, 'person', '', language, 'written', '1-own-page', clock_timestamp(), q.asked_by_id);
  RETURN made;
END $$
""",
    f"""
CREATE FUNCTION door_complaints(code bytea) RETURNS SETOF public.door_complaint LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT c.* FROM public.door_page(code) p JOIN public.door_complaint c ON c.case_id = p.case_id ORDER BY c.created_at
$$
""",
    # Who a complaint goes to is not for the program to choose: supervisors of the organisation who share no team with
    # the worker; coordinators where the person wants somebody outside, or where there is no such supervisor.
    f"""
CREATE FUNCTION door_hand(complaint uuid) RETURNS integer LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE c public.door_complaint; given integer := 0;
BEGIN
  IF public.access_kind() <> 'operator' THEN
    RAISE EXCEPTION 'the system hands complaints over' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO c FROM public.door_complaint d WHERE d.id = complaint;
  IF c.id IS NULL OR EXISTS (SELECT 1 FROM public.access_grant g WHERE g.object_id = complaint) THEN RETURN 0; END IF;
  FOR i IN 1..2 LOOP
    IF given > 0 OR (i = 1 AND c.outside) THEN CONTINUE; END IF;
    INSERT INTO public.access_grant (id, object_kind, object_id, grantee_kind, grantee_id, scopes, purpose, valid_from,
      break_glass, created_at)
    SELECT gen_random_uuid(), 'complaint', c.id, 'person', u.id, ARRAY['case'], 'complaint', clock_timestamp(), false,
      clock_timestamp()
    FROM public.access_user u WHERE u.is_active AND u.id IS DISTINCT FROM c.worker_id AND EXISTS (
      SELECT 1 FROM public.organisations_membership m WHERE m.user_id = u.id AND m.ended_at IS NULL
        AND CASE WHEN i = 1 THEN m.role = 'supervisor' AND m.organisation_id = c.organisation_id
          AND NOT EXISTS (SELECT 1 FROM public.organisations_membership o WHERE o.user_id = c.worker_id
            AND o.ended_at IS NULL AND o.unit_id = m.unit_id) ELSE m.role = 'coordinator' END);
    GET DIAGNOSTICS given = ROW_COUNT;
  END LOOP;
  RETURN given;
END $$
""",
    # Who has the case, for the complaint that a code brings: asked for the page's own case alone.
    f"""
CREATE FUNCTION door_worker(code bytea) RETURNS uuid LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT k.worker_id FROM public.door_page(code) p JOIN public.cases_case k ON k.id = p.case_id
$$
""",
]
CALLABLE = (
    "door_find(bytea)",
    "door_put(bytea, text, uuid, timestamptz)",
    "door_page(bytea)",
    "door_words(bytea, uuid)",
    "door_write(bytea, uuid, uuid, bytea)",
    "door_erase(uuid)",
    "door_desks()",
    "door_ledger(bytea)",
    "door_questions(bytea)",
    "door_take_back(bytea, uuid)",
    "door_answer(bytea, uuid, text, text)",
    "door_complaints(bytea)",
    "door_hand(uuid)",
    "door_worker(bytea)",
)
NOT_CALLABLE = ("door_reaches(bytea, uuid)",)


def statements() -> list[str]:
    """Everything in order: functions, then who may call them."""
    made = [text.strip() for text in FUNCTIONS]
    made += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (*CALLABLE, *NOT_CALLABLE)]
    made += [f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app, palermo_job" for name in CALLABLE]
    return made


OPERATOR = "(SELECT access_kind()) = 'operator'"
HELD = "EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = {0})"
MINE = "{0} = (SELECT access_viewer())"
WORKER = f"(SELECT access_has({WORKERS}))"
HOUSE = "{0}.organisation_id = ANY ((SELECT access_organisations())::uuid[])"
# Asked with the rights of who reads: who has the case sees it, and is shut out; who does not see it, has it not.
NOT_OF_THE_CASE = "NOT EXISTS (SELECT 1 FROM cases_case k WHERE k.id = {0}.case_id AND k.worker_id = (SELECT access_viewer()))"
JUDGE = "(SELECT access_has('supervisor', 'coordinator'))"
ABOUT = "EXISTS (SELECT 1 FROM cases_case k WHERE k.id = {0}.case_id AND k.person_id = {0}.person_id)"

REQUEST = f"{OPERATOR} OR ({WORKER} AND {HELD.format('door_helprequest.id')})"
COMPLAINT = (
    f"{OPERATOR} OR ({JUDGE} AND {HELD.format('door_complaint.id')} "
    f"AND worker_id IS DISTINCT FROM (SELECT access_viewer()) AND {NOT_OF_THE_CASE.format('door_complaint')})"
)
FEEDBACK = f"(SELECT access_has('supervisor')) AND {HOUSE.format('door_feedback')} AND {NOT_OF_THE_CASE.format('door_feedback')}"
# The system moves requests and complaints, and reads no word of them: words open by a grant, or by a code.
WORD = (
    "(SELECT access_kind()) = 'person' AND (EXISTS (SELECT 1 FROM door_helprequest r WHERE r.id = object_id) "
    "OR EXISTS (SELECT 1 FROM door_complaint c WHERE c.id = object_id) "
    "OR EXISTS (SELECT 1 FROM door_feedback f WHERE f.id = object_id))"
)
PAGE = HELD.format("{0}.case_id") + f" AND {WORKER}"
WRITE_PAGE = f"{ABOUT} AND {WORKER} AND "
