"""`bothways diagnose`: judges evidence that exists."""

from typing import Annotated

import typer

from bothways.cli.judged import judge, show, status

EXAMPLES = """\b
Examples:
  bothways diagnose evidence/
  bothways diagnose client.pcap server.pcap outbound.mtr.txt inbound.mtr.txt
  bothways diagnose outbound.mtr.txt inbound.mtr.txt --firewall fw.example.net
  bothways diagnose a.pcap b.pcap --vantage a.pcap=client --json
  bothways diagnose noisy.pcap --target www.example.net --since 10:00 --until 10:05
  bothways diagnose client.pcap --assume firewall-state=bypassed
  bothways diagnose evidence/ --inventory devices.toml --addresses GeoLite2-ASN.mmdb
  bothways diagnose out.pcap in.pcap --vantage out.pcap=tap --vantage in.pcap=tap
  ssh gateway tcpdump -w - | bothways diagnose - --vantage -=firewall-inside

\b
Exit status:
  0 healthy, 1 a fault was found, 2 nothing to judge or a wrong call, 4 undetermined
"""


def _assumable(incomplete: str) -> "list[tuple[str, str]]":
    """What a shell offers for `--assume`; the list of facts takes a while to import."""
    from bothways.cli.assumptions import complete  # noqa: PLC0415 - as the docstring says

    return complete(incomplete)


# Typer would print the Python type beside the argument; the verb's help says what it takes.
Paths = Annotated[list[str], typer.Argument(metavar="PATH...", hidden=True)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Vantages = Annotated[
    list[str] | None,
    typer.Option(
        "--vantage",
        metavar="FILE=NAME",
        help="Where a capture was taken: client, server, firewall-inside, firewall-outside, or a name of your own. "
        "Files that get the same name are one capture. May repeat.",
    ),
]
Ways = Annotated[
    list[str] | None,
    typer.Option("--path", metavar="FILE=WAY", help="Which way a path report goes: there or back. May repeat."),
]
Firewalls = Annotated[
    list[str] | None,
    typer.Option(
        "--firewall",
        metavar="NAME_OR_ADDRESS",
        help="A stateful firewall on one of the ways: a hop's name, the part of it that names the device, its address, "
        "or a prefix with its addresses. May repeat.",
    ),
]
Inventories = Annotated[
    list[str] | None,
    typer.Option(
        "--inventory",
        metavar="FILE",
        help="Your own list of devices, as TOML or CSV: their addresses, names, which keep state, and which no "
        "traceroute shows (docs/inventory.md). May repeat.",
    ),
]
Databases = Annotated[
    list[str] | None,
    typer.Option(
        "--addresses",
        metavar="FILE",
        help="A database that says whose addresses are: a MaxMind DB (GeoLite2-ASN, DB-IP, IPinfo), or a table of "
        "prefixes or ranges with AS numbers (iptoasn, pyasn). Only the file is asked, nothing over the network. "
        "May repeat.",
    ),
]
Targets = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="ADDRESS_OR_NAME[:PORT]",
        help="Judge only this target, by its address or by the server's name; the rest serves to compare. May repeat.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Judge only what began at this time or later: 2026-11-22T10:00:00+01:00 (without a zone it is UTC, as the "
        "page prints times), 10:00 or 10:00:03.5 (UTC, on the day of the evidence), or +90s, +5m (after the first "
        "packet).",
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Judge only what began at this time or earlier.")
]
Assumptions = Annotated[
    list[str] | None,
    typer.Option(
        "--assume",
        metavar="FACT=ANSWER",
        autocompletion=_assumable,
        help="What you know, as an answer to a question of the report (its facts in --json): firewall-state=bypassed. "
        "It is weighed as evidence by your word, in place of what was measured otherwise. May repeat.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Also every reason, every file, and what is not known.")]
Width = Annotated[int | None, typer.Option("--width", hidden=True, min=20, help="Columns to draw for.")]


def diagnose(  # noqa: PLR0913 - one parameter per option
    paths: Paths,
    *,
    as_json: AsJson = False,
    vantage: Vantages = None,
    path: Ways = None,
    firewall: Firewalls = None,
    inventory: Inventories = None,
    addresses: Databases = None,
    target: Targets = None,
    since: Since = None,
    until: Until = None,
    assume: Assumptions = None,
    verbose: Verbose = False,
    width: Width = None,
) -> None:
    """Say why connections fail, and where, from evidence that exists.

    PATH is a capture (pcap, pcapng), a report of mtr, traceroute, tracert or tracepath, a conntrack table or its
    statistics, an nftables rule set, a firewall's log, a list of sockets (ss), a host's counters (nstat, netstat -s),
    a curl -v log, Zeek's conn.log, or a folder of them, in any mix, also compressed with gzip, bzip2, xz or zstd; a
    dossier that `bothways check --save` made, or any zip file of such files.
    A single - is standard input. What a file holds is told by its content; names such as client.pcap, outbound.mtr.txt
    or control-inbound.mtr.txt are hints, and the options below decide.

    Path reports of both ways, alone or beside other evidence, are laid side by side: which routers stand on both ways,
    where the ways part, and what that would mean if connections failed.

    Files that a capture went on in (client.pcap, client.pcap1, ...) are one capture, and so are the two halves of a
    tap (client-in.pcap and client-out.pcap), whose clocks are taken for one.

    Captures may be of any usual link type, Wi-Fi, PPP and NFLOG among them. Inside of tunnels (IPIP, GRE, ERSPAN,
    VXLAN, Geneve, GTP-U, PPPoE, MPLS) the innermost connection is judged; what is encrypted is said to be hidden.
    """
    # Reading and judging take a while to import, and `bothways --help` needs neither.
    from bothways.cli.assumptions import assumed  # noqa: PLC0415
    from bothways.cli.targets import wanted  # noqa: PLC0415
    from bothways.cli.times import moment  # noqa: PLC0415
    from bothways.diagnosis.roles import Roles  # noqa: PLC0415
    from bothways.host.beside import Beside  # noqa: PLC0415
    from bothways.host.garbage import seldom_searched  # noqa: PLC0415
    from bothways.host.hints import word  # noqa: PLC0415

    roles = Roles(
        firewalls=tuple(firewall or ()),
        targets=wanted(target or ()),
        since=moment("--since", since) if since is not None else None,
        until=moment("--until", until) if until is not None else None,
        assumed=assumed(assume or ()),
    )
    beside = Beside(inventories=tuple(inventory or ()), databases=tuple(addresses or ()))
    with seldom_searched():
        diagnosis = judge(paths, roles, word(vantage or (), path or ()), beside, hashes=as_json)
        show(diagnosis, as_json=as_json, verbose=verbose, width=width)
    raise typer.Exit(status(diagnosis))
