"""`tracker serve`: show the trend site on this machine."""

from contextlib import suppress
from pathlib import Path
from typing import Unpack

import click

from tracker.cli.options import Output, output_options
from tracker.errors import ExitCode
from tracker.publish.server import HOST, open_server


@click.command("serve")
@click.argument("folder", type=click.Path(path_type=Path), default="site-out", metavar="[DIR]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port; 0 for a free one.",
)
@output_options
def command(*, folder: Path, port: int, **_output: Unpack[Output]) -> int:
    """Show the site in DIR on this machine only, until Ctrl-C."""
    with open_server(folder, port) as server, suppress(KeyboardInterrupt):
        click.echo(f"http://{HOST}:{server.server_address[1]}/ (stop with Ctrl-C)")
        server.serve_forever()
    return ExitCode.FINE
