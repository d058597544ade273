"""Writes a dated section of RESULTS.md, the page of what the programs here found."""

import datetime as dt
from pathlib import Path

from tests.evaluation.matrix.page import write_between

PAGE = Path(__file__).parent / "RESULTS.md"


def write_section(name: str, text: str) -> None:
    """Put *text*, with today's date, between the markers of *name*."""
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    write_between(PAGE, name, f"{today}. {text}")
