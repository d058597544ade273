"""The user's settings, from the text of `tracker.toml` or of `pyproject.toml`.

Pure, because the same text comes from a file or, where nothing is checked out, from GitHub.
"""

from tracker.errors import DataError

FILES = ("tracker.toml", "pyproject.toml")
WHERE = "tracker.toml, or [tool.tracker] of pyproject.toml"
"""What errors call the settings by once they are parsed."""

_NAMES = ("metrics", "gates", "check", "command", "bisect", "site")


def parse_settings(name: str, text: str) -> dict[str, object]:
    """Return the settings in *text*, the contents of a file called *name*.

    `tracker.toml` is all ours; of `pyproject.toml` only `[tool.tracker]` is, {} when absent.
    """
    import tomllib  # only here: most projects have no settings

    try:
        table = tomllib.loads(text)
        for key in ("tool", "tracker") if name == "pyproject.toml" else ():
            table = table.get(key, {})
    except (tomllib.TOMLDecodeError, AttributeError) as error:
        raise DataError(
            f"{name} cannot be read: {error}", "fix the file; see docs/github.md"
        ) from error
    if not isinstance(table, dict):
        raise DataError(f"{name}: tool.tracker is not a table", "write it as [tool.tracker]")
    if unknown := sorted(table.keys() - set(_NAMES)):
        raise DataError(
            f"{name}: unknown setting {unknown[0]!r}",
            f"settings are {', '.join(_NAMES)}; see docs/results.md and docs/github.md",
        )
    return table
