"""What is waiting, and what a killed worker left behind."""

from django.db import connection

from palermo.kernel.jobs.models import Effect


def waiting() -> int:
    """How many effects are still to happen."""
    return Effect.objects.filter(done_at=None).count()


def revive_stalled() -> int:
    """Put jobs that a dead worker had taken back into the queue. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing' AND "
            "(worker_id IS NULL OR worker_id NOT IN "
            "(SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - interval '60 seconds'))"
        )
        return int(cursor.rowcount)
