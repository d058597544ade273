"""Who may order a measurement by a comment, from the settings' `[command]` table.

[command]
role = "triage"     # or read, write (the default), maintain, admin
"""

from collections.abc import Mapping

from tracker.errors import DataError
from tracker.settings.file import WHERE

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""GitHub's roles in a repository, the least first."""
_DEFAULT = "write"


def parse_command_role(settings: Mapping[str, object]) -> str:
    """Return the least role of `ROLES` whose holders may order a measurement.

    Raises:
        DataError: the table holds anything but such a role.
    """
    table = settings.get("command", {"role": _DEFAULT})
    role = table.get("role") if isinstance(table, dict) and set(table) == {"role"} else None
    if role not in ROLES[1:]:
        raise DataError(
            f"{WHERE}: [command] must hold a known `role` and nothing else",
            f"write one of {', '.join(ROLES[1:])}",
        )
    return str(role)
