"""Writes why a pull request is not measured, for `tracker comment`. Standard library only."""  # noqa: INP001

import json
from pathlib import Path
from typing import Any

LONGEST = 500


def leave(folder: Path, reason: str, text: str, event: dict[str, Any]) -> None:
    """Write `not-measured.json` into *folder*: a reason by its name, and one sentence."""
    pull, group = event.get("pull_request") or {}, event.get("merge_group") or {}
    content = {
        "version": 1,
        "reason": reason,
        "text": " ".join(text.split())[:LONGEST],
        "head": str((pull.get("head") or {}).get("sha") or group.get("head_sha") or ""),
        "base": str((pull.get("base") or {}).get("sha") or group.get("base_sha") or ""),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "not-measured.json").write_text(json.dumps(content), encoding="utf-8")
