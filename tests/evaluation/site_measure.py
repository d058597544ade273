"""Prints what the large site costs a reader, as the browser's own tools measure it.

python -m tests.evaluation.site_measure            # 3,072 series over 2,000 commits
python -m tests.evaluation.site_measure --small    # the small site, to try the command
"""

import argparse
import tempfile
import time
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

from tests.site.conftest import ARGUMENTS, find_chromium, serve
from tests.support.site_histories import LARGE, SMALL, Shape, make_history
from tests.support.site_timing import median_timing
from tracker.publish.site import publish

TIMES = 5


def main() -> None:
    """Publish, serve, open each page with an empty cache, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="use the small site")
    shape = SMALL if parser.parse_args().small else LARGE
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        _print_publishing(shape, site)
        served = next(generator := serve(site, shape, runs=False))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        worst = served.table.id[served.worst]
        pages = {
            "overview": ("", "table.series svg"),
            "series": (f"#/series/{worst}", ".plot canvas"),
        }
        click.echo("page      first paint  first chart  drawing  transferred  requests  shift")
        for name, (place, chart) in pages.items():
            t = median_timing(browser, served.address + place, chart, TIMES)
            click.echo(
                f"{name:10}{t.first_paint_ms:8.0f} ms {t.chart_ms:9.0f} ms {t.draw_ms:5.1f} ms"
                f" {t.bytes / 1000:9.1f} kB {t.requests:9} {t.shift:6.3f}"
            )
        browser.close()
        next(generator, None)


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
