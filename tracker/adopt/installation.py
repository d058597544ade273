"""Where this tracker was installed from, by what its installer recorded (PEP 610)."""

import json
import re
from importlib import metadata

from tracker.adopt.files import TrackerSource
from tracker.errors import UsageError

NEXT_STEP = "name them: --tracker OWNER/NAME --commit SHA"


def find_source(repository: str, commit: str) -> TrackerSource:
    """Return the source that is given, else the one that this program was installed from.

    Raises:
        UsageError: neither says which it is.
    """
    recorded_repository, recorded_commit = _recorded()
    repository, commit = repository or recorded_repository, commit or recorded_commit
    if not repository or not commit:
        raise UsageError("this tracker does not know its repository and commit", NEXT_STEP)
    return TrackerSource(repository=repository, commit=commit)


def _recorded() -> tuple[str, str]:
    """OWNER/NAME and commit of an installation from git; empty where it was not one."""
    try:
        text = metadata.distribution("asynctasq-tracker").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return "", ""
    record = json.loads(text or "{}")
    commit = (record.get("vcs_info") or {}).get("commit_id", "")
    address = str(record.get("url", "")).removesuffix("/").removesuffix(".git")
    match = re.search(r"([\w.-]+/[\w.-]+)$", address)
    return (match[1], str(commit)) if match and commit else ("", "")
