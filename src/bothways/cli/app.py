"""The command line's outline: its verbs, and what holds for all of them. What is heavy is imported by a verb's call."""

from typing import Annotated

import typer

from bothways import __version__
from bothways.cli import check, diagnose, lab, theories

app = typer.Typer(
    help="Says why a TCP connection fails, and where, from the evidence of both its ends.",
    epilog="Example:  bothways diagnose client.pcap server.pcap outbound.mtr.txt",
    # Plain help starts faster and needs no wide terminal; our own handler explains errors.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(name="diagnose", epilog=diagnose.EXAMPLES)(diagnose.diagnose)
app.command(name="check", epilog=check.EXAMPLES)(check.check)
app.command(name="theories", epilog=theories.EXAMPLES)(theories.theories)
app.add_typer(lab.app, name="lab")


def _version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if not asked:
        return
    from bothways.host.capture_reader import kernel_trouble  # noqa: PLC0415 - only this option asks

    trouble = kernel_trouble()
    reader = f"captures are read in plain Python: {trouble}" if trouble else "captures are read by the native kernel"
    typer.echo(f"bothways {__version__} ({reader})")
    raise typer.Exit


@app.callback()
def _outline(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is, and leave.")
    ] = False,
) -> None:
    del version  # the callback above has answered
