"""What is waiting, and what a killed worker left behind."""

from django.db import connection

from palermo.kernel.jobs.models import Effect


def waiting() -> int:
    """How many effects are still to happen."""
    return Effect.objects.filter(done_at=None).count()


def revive_stalled() -> int:
    """Put jobs back into the queue whose worker died: no sign of life for 30 s, three missed heartbeats."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing' AND "
            "(worker_id IS NULL OR worker_id NOT IN "
            "(SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'))"
        )
        return int(cursor.rowcount)
