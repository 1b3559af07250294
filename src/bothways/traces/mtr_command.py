"""What the command line above an mtr report says: where the probes went, and which.

Options as in mtr(8) of 0.95. The report itself names neither its destination nor its protocol.
"""

from msgspec import Struct

SHORT_WITH_VALUE = frozenset("aBcFfGIiLMmoPQsUyZ")
LONG_WITH_VALUE = frozenset(
    {
        "--address",
        "--bitpattern",
        "--displaymode",
        "--filename",
        "--first-ttl",
        "--gracetime",
        "--interface",
        "--interval",
        "--ipinfo",
        "--localport",
        "--mark",
        "--max-ttl",
        "--max-unknown",
        "--order",
        "--port",
        "--psize",
        "--report-cycles",
        "--timeout",
        "--tos",
    }
)
LONGER_NAMES = {"--tcp": "T", "--udp": "u", "--sctp": "S"}
PROBES = {"T": "tcp-syn", "u": "udp", "S": None}


class Command(Struct, frozen=True, kw_only=True):
    """An mtr call, as far as it matters."""

    destination: str | None
    """The host asked for; None where the call names several or none."""

    probe: str | None
    """`icmp`, `udp`, `tcp-syn`; None for SCTP."""


def understood(words: list[str]) -> Command:
    """The call made of *words*, the first of which is the program's name."""
    hosts: list[str] = []
    probe: str | None = "icmp"
    rest = iter(words[1:])
    for word in rest:
        if word.startswith("--"):
            letters = LONGER_NAMES.get(word, "")
            takes_next = word in LONG_WITH_VALUE
        elif word.startswith("-") and len(word) > 1:
            letters, takes_next = _short(word[1:])
        else:
            hosts.append(word)
            continue
        for letter in letters:
            probe = PROBES.get(letter, probe)
        if takes_next:
            next(rest, None)
    return Command(destination=hosts[0] if len(hosts) == 1 else None, probe=probe)


def _short(cluster: str) -> tuple[str, bool]:
    """The letters of a cluster like `rwc` that are options, and whether the next word is the last one's value."""
    for at, letter in enumerate(cluster):
        if letter in SHORT_WITH_VALUE:
            return cluster[: at + 1], at == len(cluster) - 1
    return cluster, False
