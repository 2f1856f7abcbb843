"""What the database insists on: letters stay as they were signed, and a partner is pinned by two people."""

FALSE = "USING ERRCODE = 'check_violation'"
DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# The last place in a conversation, whoever of this side took it: two people may write in one conversation.
PLACE = (
    """
CREATE FUNCTION exchange_place(talk uuid) RETURNS TABLE (sequence integer, digest varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT d.sequence, d.digest FROM exchange_dispatch d
  WHERE d.conversation = talk AND d.kind <> 'receipt' AND d.fate <> 'cancelled'
    AND access_kind() IN ('operator', 'person')
  ORDER BY d.sequence DESC LIMIT 1
$$""",
    "REVOKE ALL ON FUNCTION exchange_place(uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION exchange_place(uuid) TO palermo_app, palermo_job",
)


def _stays(table: str, columns: str) -> tuple[str, ...]:
    """A trigger: these columns of a row never change, and no row goes."""
    name = f"{table}_stays"
    new, old = (", ".join(f"{row}.{one.strip()}" for one in columns.split(",")) for row in ("NEW", "OLD"))
    return (
        f"""
CREATE FUNCTION {name}() RETURNS trigger {DEFINER} AS $$
BEGIN
  IF TG_OP = 'DELETE' OR ({new}) IS DISTINCT FROM ({old}) THEN
    RAISE EXCEPTION 'a letter stays as it was signed' {FALSE};
  END IF;
  RETURN NEW;
END $$""",
        f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC",
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


DISPATCH_STAYS = _stays(
    "exchange_dispatch",
    "id, partner_id, kind, subject, conversation, sequence, sealed, digest, expires, asked_by_id",
)
ARRIVAL_STAYS = _stays(
    "exchange_arrival", "id, partner_id, letter_id, digest, receipt, conversation, sequence, sealed, expires"
)

# A person adds the own name to the readers and no other; with two of them the partner is active.
PARTNER_BY_TWO = (
    f"""
CREATE FUNCTION exchange_by_two() RETURNS trigger {DEFINER} AS $$
DECLARE
  me text := access_viewer()::text;
BEGIN
  IF access_kind() = 'operator' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' OR NEW.readers <> '[]'::jsonb THEN
      RAISE EXCEPTION 'a partner begins without a reader' {FALSE};
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.issuer = OLD.issuer AND NEW.least >= OLD.least AND OLD.state <> 'active' AND NEW.state = 'proposed'
     AND NEW.readers = '[]'::jsonb THEN
    RETURN NEW;  -- another card of it: everything begins anew
  END IF;
  IF NEW.issuer <> OLD.issuer OR NEW.least < OLD.least OR NEW.card <> OLD.card OR NEW.earlier <> OLD.earlier THEN
    RAISE EXCEPTION 'a card changes by its own signatures alone' {FALSE};
  END IF;
  IF NEW.readers <> OLD.readers AND (OLD.state <> 'proposed' OR NEW.readers - me <> OLD.readers - me) THEN
    RAISE EXCEPTION 'nobody reads a thumbprint for another' {FALSE};
  END IF;
  IF NEW.state <> OLD.state AND NEW.state <> 'revoked'
     AND (NEW.state <> 'active' OR OLD.state <> 'proposed' OR jsonb_array_length(NEW.readers) < 2) THEN
    RAISE EXCEPTION 'two people compare the thumbprint before a partner is active' {FALSE};
  END IF;
  RETURN NEW;
END $$""",
    "REVOKE ALL ON FUNCTION exchange_by_two() FROM PUBLIC",
    "CREATE TRIGGER exchange_by_two BEFORE INSERT OR UPDATE ON exchange_partner FOR EACH ROW "
    "EXECUTE FUNCTION exchange_by_two()",
)
