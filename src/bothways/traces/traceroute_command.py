"""What the command line above a traceroute report says of its probes (traceroute(8) of Linux, BSD and macOS)."""

from msgspec import Struct

PROGRAMS = (
    "traceroute",
    "traceroute6",
    "traceroute.db",
    "inetutils-traceroute",
    "paris-traceroute",
    "tcptraceroute",
    "tcptraceroute6",
    "trace",
    "tracert",
)

TCP_PORT = 80
"""Where TCP probes go unless told otherwise (tcptraceroute(1), traceroute(8) option -p)."""

MOST_PORT = 65_535

_KINDS = {"-T": "tcp-syn", "--tcp": "tcp-syn", "-I": "icmp", "--icmp": "icmp", "-U": "udp", "-UL": None, "-D": None}
_NAMED = {"tcp": "tcp-syn", "icmp": "icmp", "udp": "udp", "default": "udp"}


class Command(Struct, frozen=True, kw_only=True):
    """A traceroute call, as far as it matters."""

    probe: str | None
    """`icmp`, `udp`, `tcp-syn`; None where an option makes it something else."""

    port: int | None
    """Destination port, where all probes go to the same one."""


def understood(words: list[str]) -> Command:
    """The call made of *words*, the first of which is the program's name."""
    program, *options = words
    if program.startswith("tcptraceroute"):
        hosts = [word for word in options if not word.startswith("-")]
        return Command(probe="tcp-syn", port=_port(hosts[-1]) if len(hosts) > 1 else TCP_PORT)
    probe: str | None = "udp"
    port = None
    for at, option in enumerate(options):
        value = options[at + 1] if at + 1 < len(options) else ""
        if option in _KINDS:
            probe = _KINDS[option]
        elif option in {"-M", "-P"}:
            probe = _NAMED.get(value.lower())
        elif option == "-O" and "syn" not in value.split(",") and probe == "tcp-syn" and "ack" in value.split(","):
            return Command(probe=None, port=None)
        elif option == "-p":
            port = _port(value)
    return Command(probe=probe, port=(port or TCP_PORT) if probe == "tcp-syn" else None)


def _port(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MOST_PORT else None
