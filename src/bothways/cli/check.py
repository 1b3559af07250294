"""`bothways check`: makes the evidence from this machine, and judges it."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bothways.cli.diagnose import Assumptions, Firewalls
from bothways.cli.judged import judge, show, status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bothways.check.budget import Depth
    from bothways.check.run import Evidence
    from bothways.check.wish import Wish
    from bothways.diagnosis.roles import Roles

EXAMPLES = """\b
Examples:
  bothways check www.example.net
  sudo bothways check https://www.example.net/ --control www.example.org
  bothways check 192.0.2.1:22 --quick
  bothways check www.example.net:443 --resolve www.example.net:443:192.0.2.1
  bothways check www.example.net --save case.zip && bothways diagnose case.zip

\b
What it sends, and only to the targets, the controls and whoever answers on the way to them: up to six connections to
each address, and where one fails some dozen more to compare with; as root also packets of these connections with a
limited way to go, at most 50 a second (--rate) and 900 in all. At the far end that leaves what any aborted connection
leaves: half-open entries for a minute, and entries in firewalls' tables until they expire. Here it leaves nothing.

\b
Exit status:
  0 healthy, 1 a fault was found, 2 a wrong call or nothing to judge, 3 a permission is missing that --raw insists on,
  4 undetermined, 130 interrupted
"""

Hosts = Annotated[list[str], typer.Argument(metavar="HOST[:PORT]|URL...", hidden=True)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Save = Annotated[
    str | None,
    typer.Option("--save", metavar="FILE", help="Keep all evidence in one file (zip), which `diagnose` reads."),
]
Quick = Annotated[bool, typer.Option("--quick", help="Wait no longer than it takes to call a silence a failure.")]
Deep = Annotated[bool, typer.Option("--deep", help="Probe a healthy target too, and wait for late repeats.")]
Rate = Annotated[int, typer.Option("--rate", min=1, max=500, metavar="N", help="Probes a second, at most.")]
Source = Annotated[str | None, typer.Option("--source", metavar="ADDRESS", help="The address of this machine to use.")]
Interface = Annotated[str | None, typer.Option("--interface", metavar="NAME", help="The interface to use.")]
Only4 = Annotated[bool, typer.Option("-4", help="Only IPv4.")]
Only6 = Annotated[bool, typer.Option("-6", help="Only IPv6.")]
Given = Annotated[
    list[str] | None,
    typer.Option(
        "--resolve",
        metavar="HOST:PORT:ADDRESS",
        help="Use this address for that host and port, whatever the resolver says, as curl does. May repeat.",
    ),
]
Controls = Annotated[
    list[str] | None,
    typer.Option(
        "--control",
        metavar="ADDRESS_OR_HOST",
        help="Another host to compare with, best one that is reached through the same firewall and works. May repeat.",
    ),
]
Raw = Annotated[
    bool | None,
    typer.Option(
        "--raw/--no-raw",
        help="Insist on capturing and probing with raw packets, which takes root (CAP_NET_RAW), or do without.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Also every reason, every file, and what is not known.")]
Width = Annotated[int | None, typer.Option("--width", hidden=True, min=20, help="Columns to draw for.")]


def check(  # noqa: PLR0913 - one parameter per option
    hosts: Hosts,
    *,
    as_json: AsJson = False,
    save: Save = None,
    quick: Quick = False,
    deep: Deep = False,
    rate: Rate = 50,
    source: Source = None,
    interface: Interface = None,
    only_4: Only4 = False,
    only_6: Only6 = False,
    resolve: Given = None,
    control: Controls = None,
    raw: Raw = None,
    firewall: Firewalls = None,
    assume: Assumptions = None,
    verbose: Verbose = False,
    width: Width = None,
) -> None:
    """Find out from here why connections to HOST fail, and where.

    Connects as a browser would, to every address of the name, and compares: other names and ports there, the same name
    elsewhere (--control), small segments, several source ports. Where something fails it looks from inside the failing
    connection how far its own packets come, and which are stopped. Without root it does what it may, and says what
    root would add. A healthy target takes two seconds, a failing one about ten.

    HOST is a name, an address or a URL, with a port if it is not 443. What is found is judged as `diagnose` would.
    """
    # Sockets and judging take a while to import, and `bothways --help` needs neither.
    from bothways.check.given import given  # noqa: PLC0415
    from bothways.check.target import host_of, target_of  # noqa: PLC0415
    from bothways.check.wish import Wish  # noqa: PLC0415
    from bothways.cli.assumptions import assumed  # noqa: PLC0415
    from bothways.diagnosis.roles import Roles  # noqa: PLC0415

    wish = Wish(
        targets=tuple(target_of(host) for host in hosts),
        given=given(resolve or ()),
        controls=tuple(host_of(one, f"--control {one}") for one in control or ()),
        depth=_depth(quick=quick, deep=deep),
        family=_family(only_4=only_4, only_6=only_6),
        source=source,
        interface=interface,
        rate=rate,
        raw=raw,
    )
    roles = Roles(firewalls=tuple(firewall or ()), assumed=assumed(assume or ()))
    raise typer.Exit(_carry_out(wish, roles, save=save, as_json=as_json, verbose=verbose, width=width))


def _carry_out(  # noqa: PLR0913 - each an option
    wish: "Wish", roles: "Roles", *, save: str | None, as_json: bool, verbose: bool, width: int | None
) -> int:
    """Make the evidence, keep it if wanted, have it judged; returns the exit status."""
    from pathlib import Path  # noqa: PLC0415 - as above

    from bothways.check.run import Telling, evidence  # noqa: PLC0415
    from bothways.host.beside import Beside  # noqa: PLC0415
    from bothways.host.dossier import check_savable  # noqa: PLC0415
    from bothways.host.dossier import save as pack  # noqa: PLC0415
    from bothways.host.hints import word  # noqa: PLC0415

    if save is not None:
        check_savable(Path(save))
    _import_ahead()
    telling = Telling.ANYWHERE if verbose else Telling.NOWHERE if as_json else Telling.TERMINAL
    with evidence(wish, command=("bothways", *sys.argv[1:]), telling=telling) as found:
        if save is not None:
            pack(found.folder, Path(save))
        diagnosis = judge([str(found.folder)], roles, word((), ()), Beside(), hashes=as_json)
        if not as_json:
            _before(found, width)
        show(diagnosis, as_json=as_json, verbose=verbose, width=width)
        if not as_json:
            _after(found, width)
    return status(diagnosis)


def _import_ahead() -> None:
    """Import what judges while the network is waited for: it takes as long as a healthy target does."""
    from importlib import import_module  # noqa: PLC0415 - as above
    from threading import Thread  # noqa: PLC0415

    def imports() -> None:
        for name in ("bothways.diagnosis.diagnose", "bothways.host.gather", "bothways.report.terminal"):
            import_module(name)

    # Times of connections are taken by the other thread, which should not wait 5 ms for each turn.
    sys.setswitchinterval(0.0005)
    Thread(target=imports, daemon=True).start()


def _depth(*, quick: bool, deep: bool) -> "Depth":
    from bothways.check.budget import Depth  # noqa: PLC0415 - as above
    from bothways.errors import CallError  # noqa: PLC0415

    if quick and deep:
        message = "--quick and --deep exclude each other; leave one of them out"
        raise CallError(message)
    return Depth.QUICK if quick else Depth.DEEP if deep else Depth.USUAL


def _family(*, only_4: bool, only_6: bool) -> int | None:
    from bothways.errors import CallError  # noqa: PLC0415 - as above

    if only_4 and only_6:
        message = "-4 and -6 exclude each other; leave both out to have both families checked"
        raise CallError(message)
    return 4 if only_4 else 6 if only_6 else None


def _before(found: "Evidence", width: int | None) -> None:
    """What was tried."""
    _paragraphs(["What was tried", *(f" - {line}" for line in found.tried), ""], width)


def _after(found: "Evidence", width: int | None) -> None:
    """What root would have added, where it was not had."""
    if not found.captured:
        says = (
            "Without root: as root (CAP_NET_RAW) it captures its own packets, so that repeats of the SYN+ACK and the "
            "routers on the way are known, and looks from inside a failing connection which of them are stopped, and "
            "between which hops."
        )
        _paragraphs(["", says], width)


def _paragraphs(lines: "Sequence[str]", width: int | None) -> None:
    from textwrap import fill  # noqa: PLC0415 - as above

    from bothways.cli.output import say, terminal  # noqa: PLC0415

    columns = terminal(width).width
    say("".join(f"{fill(line, columns, subsequent_indent='   ', break_on_hyphens=False)}\n" for line in lines))
