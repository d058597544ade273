"""Set the three sites of one results tree side by side: ours, asv's, and asv-tachyon.

    python -m tests.evaluation.side_by_side                # the committed results of `make demo`
    python -m tests.evaluation.side_by_side --tree issue   # 500 commits x 50 benchmarks x 8 x 2
    python -m tests.evaluation.side_by_side --tree small   # 100 commits x 10 benchmarks x 4 x 2
    python -m tests.evaluation.side_by_side --write        # the table into RESULTS.md

All three are served by the same server (gzip, loopback, HTTP/1.1). Needs npm and a Chromium.
"""

import tempfile
from pathlib import Path
from urllib.parse import quote

import click
import msgspec
from playwright.sync_api import sync_playwright

from benchmarks.harness.shared.command import command_line
from tests.evaluation.results_page import check_markers, write_table
from tests.evaluation.side_by_side.sites import (
    Site,
    prepare_peers,
    prepare_stand_ins,
    publish_asv,
    publish_ours,
    publish_tachyon,
)
from tests.evaluation.side_by_side.visits import LARGE, SMALL, Visit, median_visit
from tests.evaluation.synthetic_tree import Shape, write_tree
from tests.site.conftest import ARGUMENTS, describe, find_chromium, serving
from tests.support.real_results import lay_out

SHAPES = {
    "issue": Shape(commits=500, benchmarks=50, params=8, machines=2),
    "small": Shape(commits=100, benchmarks=10, params=4, machines=2),
}
TITLES = {
    "demo": "Real results: six releases of AsyncTasQ, Celery beside it (`make demo`)",
    "issue": "Synthetic: 500 commits x 50 benchmarks x 8 parameters x 2 machines",
    "small": "Synthetic: 100 commits x 10 benchmarks x 4 parameters x 2 machines",
}
HEAD = (
    "| site | page | publishing, CPU s | files | on disk | first chart | requests | transferred "
    "| unpacked | at rest: requests, transferred, unpacked | failed |"
)


def publish_all(tree: Path, work: Path) -> list[Site]:
    """Publish *tree* three times; the tools are installed below *work*."""
    peers, stand_ins = prepare_peers(work), prepare_stand_ins(work)
    asv = publish_asv(tree, peers, stand_ins)
    return [publish_ours(tree), asv, publish_tachyon(tree, peers, asv)]


def pages_of(site: Site) -> dict[str, str]:
    """Return overview and one benchmark of a site as addresses below it."""
    if site.name == "tracker":
        served = describe(site.folder, "")
        return {"overview": "", "benchmark": f"#/series/{served.table.id[served.worst]}"}
    index = msgspec.json.decode((site.folder / "index.json").read_bytes())
    name = quote(min(index["benchmarks"]))
    return {
        "overview": "",
        "benchmark": f"#{name}" if site.elsewhere else f"#view=explore&bench={name}",
    }


def table(sites: list[Site], times: int, pictures: Path | None) -> str:
    """Visit every page of every site and return the table in Markdown."""
    lines = [HEAD, "|---" * HEAD.count(" | ") + "|---|"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        for site in sites:
            with serving(site.folder) as address:
                for page, place in pages_of(site).items():
                    picture = pictures / f"{site.name}-{page}.png" if pictures else None
                    size = LARGE if page == "benchmark" else SMALL
                    seen = median_visit(browser, address + place, size, times, picture)
                    lines.append(_line(site, page, seen))
        browser.close()
    return "\n".join(lines)


def _line(site: Site, page: str, seen: Visit) -> str:
    files = f"{site.files:,}" + (f" + {site.elsewhere} elsewhere" if site.elsewhere else "")
    chart = "none" if seen.chart_ms is None else f"{seen.chart_ms:,.0f} ms"
    return (
        f"| {site.name} | {page} | {site.cpu_s:.1f} | {files} | {_kb(site.disk_bytes)} | {chart} "
        f"| {seen.requests} | {_kb(seen.transferred_bytes)} | {_kb(seen.unpacked_bytes)} "
        f"| {seen.rest_requests}, {_kb(seen.rest_transferred_bytes)}, "
        f"{_kb(seen.rest_unpacked_bytes)} | {seen.failed} |"
    )


def _kb(count: int) -> str:
    return f"{count / 1000:,.0f} kB"


def main() -> None:
    """Print the table of the tree that the command line asks for."""
    parser = command_line("tests.evaluation.side_by_side", __doc__)
    parser.add_argument("--tree", choices=list(TITLES), default="demo")
    parser.add_argument("--times", type=int, default=5, help="visits of each page")
    parser.add_argument("--pictures", type=Path, help="folder for a picture of every page")
    parser.add_argument("--write", action="store_true", help="put it into RESULTS.md, too")
    options = parser.parse_args()
    if options.write:
        check_markers(f"sites {options.tree}")
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        if options.tree == "demo":
            lay_out(tree)
        else:
            write_tree(tree, SHAPES[options.tree])
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
        found = table(publish_all(tree, Path(folder)), options.times, options.pictures)
    text = f"**{TITLES[options.tree]}**\n\n{found}"
    click.echo(text)
    if options.write:
        write_table(f"sites {options.tree}", text)


if __name__ == "__main__":
    main()
