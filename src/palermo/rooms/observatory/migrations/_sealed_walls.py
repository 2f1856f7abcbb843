"""The walls of encrypted records: public keys for the study, envelopes for whoever sees the record."""

from palermo.kernel.database.rls import Protect
from palermo.rooms.observatory.migrations._walls import _FALSE, _START, HELD, LEADS, WORKER, _led, _seen

WALLS = [
    Protect(
        "observatory_studykey",
        read=f"{WORKER} OR {HELD}",
        insert=f"{LEADS} AND made_by_id = (SELECT access_viewer())",
        reason="public keys with which devices encrypt; nothing rewrites one",
    ),
    Protect(
        "observatory_envelope",
        read=_seen("observatory_envelope"),
        insert=WORKER,
        update=f"{WORKER} OR {_led('observatory_envelope')}",
        reason="what an encrypted record came to, its XML sealed",
    ),
]

TRIGGERS = [
    f"""
CREATE FUNCTION observatory_envelope_stays() RETURNS trigger {_START}
  IF (NEW.revision_id, NEW.submission_id, NEW.fingerprint) IS DISTINCT FROM (OLD.revision_id, OLD.submission_id, OLD.fingerprint) THEN
    RAISE EXCEPTION 'an envelope belongs to its revision' {_FALSE};
  END IF;
  IF OLD.sealed_xml <> ''::bytea AND NEW.sealed_xml IS DISTINCT FROM OLD.sealed_xml AND NEW.sealed_xml <> ''::bytea THEN
    RAISE EXCEPTION 'what was inside an envelope stays as it was' {_FALSE};
  END IF;
  IF access_kind() <> 'operator' AND to_jsonb(NEW) - 'sealed_xml' IS DISTINCT FROM to_jsonb(OLD) - 'sealed_xml' THEN
    RAISE EXCEPTION 'only the machine opens an envelope' {_FALSE};
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER envelope_stays BEFORE UPDATE ON observatory_envelope "
    "FOR EACH ROW EXECUTE FUNCTION observatory_envelope_stays()",
]
