"""Prints what the large site costs a reader, as the browser's own tools measure it.

python -m tests.evaluation.site_measure            # 3,072 series over 2,000 commits
python -m tests.evaluation.site_measure --small    # the small site, to try the command
python -m tests.evaluation.site_measure --site DIR # a site that `tracker publish` has written
"""

import tempfile
import time
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

from benchmarks.harness.shared.command import command_line
from tests.site.conftest import ALL, ARGUMENTS, Served, describe, find_chromium, serving
from tests.support.site_histories import LARGE, SMALL, Shape, make_history
from tests.support.site_timing import median_timing
from tracker.publish.site import publish

TIMES = 5


def main() -> None:
    """Publish, serve, open each page with an empty cache, and print the table."""
    parser = command_line("tests.evaluation.site_measure", __doc__)
    parser.add_argument("--small", action="store_true", help="use the small site")
    parser.add_argument("--site", type=Path, help="a published site")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = options.site or Path(folder) / "site"
        if not options.site:
            _print_publishing(SMALL if options.small else LARGE, site)
        with serving(site) as address:
            _print_pages(describe(site, address))


def _print_pages(served: Served) -> None:
    overview = ".matrix svg" if served.index.tracked else ".events h3"
    pages = {
        "overview": ("", overview),
        "list": (ALL, "table.series svg"),
        "changes": ("#/changes", "main tbody tr"),
        "series": (f"#/series/{served.table.id[served.worst]}", ".plot canvas"),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        click.echo("page      first paint  first chart  drawing  transferred  requests  shift")
        for name, (place, chart) in pages.items():
            t = median_timing(browser, served.address + place, chart, TIMES)
            click.echo(
                f"{name:10}{t.first_paint_ms:8.0f} ms {t.chart_ms:9.0f} ms {t.draw_ms:5.1f} ms"
                f" {t.bytes / 1000:9.1f} kB {t.requests:9} {t.shift:6.3f}"
            )
        browser.close()


def _print_publishing(shape: Shape, site: Path) -> None:
    judged = make_history(shape)
    for name in ("from nothing", "nothing new"):
        started = time.process_time()
        done = publish(judged, site)
        took = time.process_time() - started
        click.echo(
            f"publish, {name}: {took:.2f} CPU s, {done.written} of {done.files} files written"
        )


if __name__ == "__main__":
    main()
