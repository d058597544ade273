"""Addresses on the published site, for reports that are read elsewhere."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from tracker.errors import DataError
from tracker.model.comparison import Row
from tracker.settings.file import WHERE

# Longer ones come from hostile names only; ten of them must not fill a comment.
LONGEST = 600

_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/%-]+")


def parse_site(settings: Mapping[str, object]) -> str:
    """Return the address of the published site, `site` in the settings; "" without one.

    Raises:
        DataError: it is no address that can stand in a link.
    """
    site = settings.get("site", "")
    if site == "":
        return ""
    if not isinstance(site, str) or not _ADDRESS.fullmatch(site):
        raise DataError(
            f"{WHERE}: site cannot be {site!r}", 'write it as site = "https://name.github.io/repo"'
        )
    return site.rstrip("/")


def plots_of(site: str, row: Row) -> str:
    """Return where the site shows the history of what *row* compares; "" when that is too long.

    A filter over all machines, not one series: which machine of the history is like that of the
    comparison is not known here. Everything foreign is escaped: it can stand in Markdown.
    """
    wanted = (
        {"library": row.library, "scenario": row.scenario, "metric": row.metric}
        if row.library
        else {"q": row.benchmark}
    )
    address = f"{site}/#/?{urlencode(wanted, errors='replace')}"
    return address if len(address) <= LONGEST else ""
