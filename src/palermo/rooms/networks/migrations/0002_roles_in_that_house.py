"""What a house got is read by those who work on cases in that very house; a role held elsewhere does not count."""

from django.db import migrations

from palermo.rooms.networks.migrations import _sql

ROLES = "ARRAY['first_responder', 'case_manager', 'supervisor', 'child_protection']"


def received(column):
    """By those of the receiver whom its grant names. The list of one's houses first: it is asked once."""
    return f"{_sql.MINE.format(column)} AND access_reaches({column}, {ROLES})"


OLD = f"{_sql.WORKER} AND {_sql.MINE.format('receiver_id')}"
SEEN = _sql._SEEN.replace(OLD, received("receiver_id"))
UPDATE = f"{_sql.OPERATOR} OR ({received('receiver_id')})"
OLD_UPDATE = f"{_sql.OPERATOR} OR ({OLD})"
_ANSWER = (
    f"written_by_id = {_sql.VIEWER} AND {{0}} EXISTS (SELECT 1 FROM networks_notification s "
    "WHERE s.id = networks_answer.notification_id AND {1})"
)
ANSWER = _ANSWER.format("", received("s.receiver_id"))
OLD_ANSWER = _ANSWER.format(f"{_sql.WORKER} AND", _sql.MINE.format("s.receiver_id"))
if SEEN == _sql._SEEN:
    raise AssertionError("the wall that this builds on has changed")


def altered(seen, update, answer):
    """The three walls."""
    return [
        f"ALTER POLICY may_read ON networks_notification USING ({seen})",
        f"ALTER POLICY may_update ON networks_notification USING ({update}) WITH CHECK ({update})",
        f"ALTER POLICY may_insert ON networks_answer WITH CHECK ({answer})",
    ]


class Migration(migrations.Migration):
    dependencies = [("networks", "0001_initial"), ("access", "0008_grants_name_roles")]

    operations = [
        migrations.RunSQL(
            [(statement, None) for statement in altered(SEEN, UPDATE, ANSWER)],
            [(statement, None) for statement in altered(_sql._SEEN, OLD_UPDATE, OLD_ANSWER)],
        )
    ]
