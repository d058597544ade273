"""Files that are replaced in one step: a reader sees the old contents or the new."""

import secrets
from collections.abc import Iterable
from pathlib import Path


def replace_file(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write *parts* to *path*, making its folder; OSError when that fails, and nothing is left.

    Who may read it is up to the umask, as of any new file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.writelines(parts)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
