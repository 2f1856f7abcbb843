"""The server's settings: closed to the network, silent about content, durable, sized for a small machine."""

import os
from pathlib import Path

PORT = 5432  # only names the socket file; there is no TCP

HBA = (
    "# Written by palermo at every start. One way in: the socket, with a password, for every role.\n"
    "local all all scram-sha-256\n"
)

INCLUDES = """
# palermo: our settings, then the administrator's own.
include 'palermo.conf'
include_if_exists 'local.conf'
"""

CLOSED = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
}

# A failed CHECK prints the whole row as DETAIL, a bad cast prints the value in the message itself, and Django
# sends statements with their values inside. So statement errors stay with the client that caused them:
# in the order of log_min_messages, LOG stands above ERROR. Damage is still counted (pg_stat_database).
SILENT = {
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_error_verbosity": "terse",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "track_activities": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
}

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FOR_TESTS_ONLY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def settings(socket_dir: Path, *, durability: bool) -> dict[str, str]:
    """Every setting that differs from PostgreSQL's own default, for this machine."""
    return {
        **CLOSED,
        "unix_socket_directories": str(socket_dir),
        **SILENT,
        **(DURABLE if durability else FOR_TESTS_ONLY),
        **_sizes(memory_megabytes(), os.cpu_count() or 1),
    }


def render(values: dict[str, str]) -> str:
    """The settings as a configuration file."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in values.items()]
    return (
        "# Written by palermo at every start; put your own settings into local.conf beside it.\n"
        + "\n".join(lines)
        + "\n"
    )


def _sizes(memory: int, processors: int) -> dict[str, str]:
    """Shares of memory (MB) for a machine that also runs the application: an eighth for the cache."""
    return {
        "shared_buffers": f"{min(max(memory // 8, 64), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 128)}MB",
        "work_mem": f"{min(max(memory // 256, 4), 32)}MB",
        "maintenance_work_mem": f"{min(max(memory // 16, 32), 512)}MB",
        "max_parallel_workers_per_gather": str(min(max(processors // 2, 1), 4)),
        "max_parallel_workers": str(min(processors, 8)),
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
    }


def memory_megabytes() -> int:
    """The memory of this machine, or of the container we are in when that is less."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limits.append(int(Path(name).read_text()))
        except (OSError, ValueError):  # no such controller, or "max"
            continue
    return min(limits) // (1024 * 1024)
