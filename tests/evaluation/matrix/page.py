"""Writes a generated table between two markers of a document. Standard library only."""

from pathlib import Path

from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.errors import BadSettingError

LIBRARIES_PAGE = REPOSITORY / "docs" / "libraries.md"


def write_between(page: Path, name: str, text: str) -> None:
    """Put *text* between `<!-- name: begin -->` and `<!-- name: end -->` of *page*.

    Raises:
        BadSettingError: the page has no such markers.
    """
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise BadSettingError("--write", str(page), f"a page with {begin.strip()} and {end}")
    page.write_text(f"{before}{begin}{text.strip()}\n{end}{after}", encoding="utf-8")
