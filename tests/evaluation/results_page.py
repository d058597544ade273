"""RESULTS.md, and how a program writes its table there. Standard library only.

Each table stands between `<!-- NAME: begin -->` and `<!-- NAME: end -->`, under the date and the
number of cores that it was measured with. What the table shows, and its command, stand around it.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


class MissingMarkersError(SystemExit):
    """The page has no place for a table."""


def check_markers(name: str, page: Path = RESULTS) -> None:
    """Refuse before an hour of measuring rather than after it.

    Raises:
        MissingMarkersError: *page* does not have the two markers of *name* once each.
    """
    _split(page.read_text(encoding="utf-8"), name, page)


def write_table(name: str, table: str, page: Path = RESULTS) -> None:
    """Put *table*, dated, between the markers of *name*.

    Raises:
        MissingMarkersError: *page* does not have the two markers of *name* once each.
    """
    before, after = _split(page.read_text(encoding="utf-8"), name, page)
    stamp = f"{datetime.now(tz=UTC):%Y-%m-%d}, {os.process_cpu_count()} cores"
    page.write_text(f"{before}\n{stamp}\n\n{table.strip()}\n{after}", encoding="utf-8")


def add_row(name: str, header: str, row: str, page: Path = RESULTS) -> None:
    """Put *row* below those between the markers of *name*, which *header* begins.

    Raises:
        MissingMarkersError: *page* does not have the two markers of *name* once each.
    """
    text = page.read_text(encoding="utf-8")
    before, after = _split(text, name, page)
    rows = text[len(before) : len(text) - len(after)].strip() or header
    page.write_text(f"{before}\n{rows}\n{row}\n{after}", encoding="utf-8")


def _split(text: str, name: str, page: Path) -> tuple[str, str]:
    """What stands up to the first marker and from the second one on, markers included."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise MissingMarkersError(f"{page} needs one {begin} and one {end}")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}", f"{end}{after}"
