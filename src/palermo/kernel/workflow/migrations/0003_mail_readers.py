"""Who reads a reminder and wants it by e-mail too: asked by the worker, who holds nothing himself."""

from django.db import migrations

# The same people whose home page shows it: a role that it is for, and a live grant that reaches them. Coordinators
# count what was escalated to them and hold none of it. An emergency of an hour is no reason for mail.
READERS = """
CREATE FUNCTION workflow_mail_readers(reminder uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT w.user_id FROM access_mailwish w JOIN access_user u ON u.id = w.user_id AND u.is_active
    CROSS JOIN workflow_reminder r
    JOIN workflow_deadline d ON d.id = r.deadline_id AND d.met_at IS NULL AND d.cancelled_at IS NULL
  WHERE r.id = reminder AND access_kind() = 'operator'
    AND EXISTS (SELECT 1 FROM organisations_membership m
      WHERE m.user_id = w.user_id AND m.ended_at IS NULL AND m.role = ANY (r.roles)
        AND (m.role = 'coordinator' OR EXISTS (SELECT 1 FROM access_grant g
          WHERE g.object_id = r.object_id AND g.revoked_at IS NULL AND NOT g.break_glass
            AND g.valid_from <= clock_timestamp() AND (g.valid_until IS NULL OR g.valid_until > clock_timestamp())
            AND (g.grantee_id = w.user_id OR EXISTS (SELECT 1 FROM organisations_membership h
              WHERE h.user_id = w.user_id AND h.ended_at IS NULL AND g.grantee_id IN (h.organisation_id, h.unit_id)
                AND (cardinality(g.roles) = 0 OR h.role = ANY (g.roles)))))))
$$
"""
NAME = "workflow_mail_readers(uuid)"


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0002_timer"),
        ("access", "0009_reminders_by_mail"),
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(READERS, f"DROP FUNCTION {NAME}"),
        migrations.RunSQL(
            [
                (f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC", None),
                (f"GRANT EXECUTE ON FUNCTION {NAME} TO palermo_app, palermo_job", None),
                # The timer asks for messages: an effect that is asked for by an effect.
                ("GRANT INSERT ON jobs_effect TO palermo_job", None),
            ],
            migrations.RunSQL.noop,
        ),
    ]
