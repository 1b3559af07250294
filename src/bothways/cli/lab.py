"""`bothways lab`: builds the network in a box, plants a fault, keeps the evidence."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Build a network in a box out of this machine's kernel, plant a fault in it, keep the evidence. Needs root.",
    rich_markup_mode=None,
)

WRONG_CALL = 2

MOST_SEED = 2**31 - 1

EXAMPLES = """\b
Examples:
  bothways lab list
  bothways lab run asymmetric-bypass --out /tmp/evidence
  bothways lab run mtu-black-hole --set way=back --set ip=6 --seed 7 --out /tmp/evidence
  bothways lab run asymmetric-bypass --mended --out /tmp/mended
  bothways diagnose /tmp/evidence

\b
Exit status:
  0 done, 2 a wrong call, 3 not root, 4 the run came out other than planned and proves nothing
"""

UP_EXAMPLES = """\b
Examples:
  bothways lab up asymmetric-bypass -- bash
  bothways lab up sni-filtered -- sh -c 'curl -kv https://$SITE:$PORT/ --resolve $SITE:$PORT:$SERVER'

\b
The exit status is the command's.
"""

What = Annotated[str, typer.Argument(metavar="SCENARIO", help="A recipe of `bothways lab list`, or a file in TOML.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the evidence goes; made, or empty.")]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, max=MOST_SEED, help="Decides lengths, addresses, names, ports and chance. Usually 0."
    ),
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Choose a variant; see `list`. May repeat.")
]
Mended = Annotated[bool, typer.Option("--mended", help="The same network and traffic with the fault put right.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, max=64, help="How many labs run side by side.")]
Host = Annotated[str, typer.Option("--on", metavar="HOST", help="The host on which the command runs.")]


@app.callback(invoke_without_command=True)
def _outline(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(WRONG_CALL)


@app.command("list")
def list_() -> None:
    """List the recipes, what can be chosen about each, and what it is unless said otherwise (the first)."""
    from bothways.cli.output import say  # noqa: PLC0415 - help needs none of it
    from bothways.lab.listing import listing  # noqa: PLC0415

    say(listing())


@app.command("show")
def show(what: What, *, seed: Seed = None, settings: Settings = None, mended: Mended = False) -> None:
    """Print a scenario as the TOML file that would run it: something to start one's own from."""
    from bothways.cli.output import say  # noqa: PLC0415 - as above
    from bothways.lab.model.file import write  # noqa: PLC0415
    from bothways.lab.scenarios import scenario_of, settings_of  # noqa: PLC0415

    say(write(scenario_of(what, settings_of(settings or ()), seed=seed, mended=mended)))


@app.command("run", epilog=EXAMPLES)
def run(what: What, *, out: Out, seed: Seed = None, settings: Settings = None, mended: Mended = False) -> None:
    """Build a network, plant the fault, let the clients work, and keep the evidence of it all in a folder."""
    from bothways.cli.output import say  # noqa: PLC0415 - as above
    from bothways.lab.progress import StatusLine  # noqa: PLC0415 - as above
    from bothways.lab.run import run as run_scenario  # noqa: PLC0415
    from bothways.lab.scenarios import scenario_of, settings_of  # noqa: PLC0415

    status = StatusLine()
    try:
        run_scenario(scenario_of(what, settings_of(settings or ()), seed=seed, mended=mended), out, status)
    finally:
        status.wipe()
    say(f"The evidence is in {out}; what can be told from it:  bothways diagnose {out}\n")


@app.command("all")
def all_(*, out: Out, jobs: Jobs = 4, seed: Seed = None, settings: Settings = None) -> None:
    """Run every variant of every recipe and its mended twin, each into a folder of its own.

    --set applies to each recipe that has such a setting, e.g. --set patience=5.
    """
    from bothways.errors import InvalidRunError  # noqa: PLC0415 - as above
    from bothways.lab.many import every_job, run_all  # noqa: PLC0415 - as above
    from bothways.lab.progress import Count  # noqa: PLC0415 - as above
    from bothways.lab.scenarios import settings_of  # noqa: PLC0415 - as above

    todo = every_job(seed or 0, settings_of(settings or ()))
    count = Count(len(todo))
    invalid = [run for run in run_all(todo, out, at_once=jobs, tell=count) if run.problem]
    if invalid:
        message = f"{len(invalid)} of {len(todo)} runs prove nothing: {', '.join(run.name for run in invalid)}"
        raise InvalidRunError(message)


@app.command("up", epilog=UP_EXAMPLES)
def up(  # noqa: PLR0913 - one parameter per option
    what: What,
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="What to run in the network.")],
    *,
    host: Host = "client",
    seed: Seed = None,
    settings: Settings = None,
    mended: Mended = False,
    busy: Annotated[
        bool, typer.Option("--busy", help="The scenario's own clients are at work, too: what they hold, they hold.")
    ] = False,
) -> None:
    """Keep a network and its servers up while a command runs on one of its hosts."""
    from bothways.lab.scenarios import scenario_of, settings_of  # noqa: PLC0415 - as above
    from bothways.lab.up import up as keep_up  # noqa: PLC0415

    scenario = scenario_of(what, settings_of(settings or ()), seed=seed, mended=mended)
    # Whatever the command's status is, it is not this program's: 130 says nothing of an interrupt here.
    sys.exit(keep_up(scenario, host, command, busy=busy))
