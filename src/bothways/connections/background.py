"""What stands in a capture beside the connections that somebody wanted: recognised, and counted apart.

None of it is a failure of a target, and none of it vanishes. In doubt a connection is none of these.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from bothways.connections.exchange import Exchange
from bothways.connections.keepalive import is_kept_alive
from bothways.connections.outcome import Outcome, measures_path
from bothways.connections.races import Race, races
from bothways.connections.scans import scanned
from bothways.connections.stray import Strays
from bothways.connections.traced import traced
from bothways.evidence.endpoint import Endpoint


class Background(StrEnum):
    """Why a connection is none that somebody wanted."""

    PATH_PROBE = "path-probe"
    """A path tool's SYN, with as many hops to live as it is to reach, or one of several that expired hop after hop."""
    SCAN = "scan"
    """One of a client's many tries of ports or addresses."""
    PORT_PROBE = "port-probe"
    """A SYN whose sender reset the SYN+ACK at once, as scanners do."""
    RACE_LOSER = "race-loser"
    """The loser of a race between addresses of one server (RFC 8305)."""
    KEEPALIVE = "keepalive"
    """Open before the capture began, idle, and kept alive (RFC 9293 section 3.8.4)."""
    STRAY = "stray"
    """SYN+ACKs or resets to a host that opened nothing here: backscatter, or the rest of what was before."""


PROBES = frozenset({Background.PATH_PROBE, Background.PORT_PROBE})
"""What no user's word makes a connection."""


class Sorted(Struct, frozen=True, kw_only=True):
    """What each exchange of a sequence is."""

    kinds: tuple[Background | None, ...]
    """In the order of the exchanges; None: somebody wanted it."""

    races: tuple[Race, ...] = field(default=())
    """Those that were run, by places in the sequence."""


def sort_out(exchanges: Sequence[Exchange], *, names: Mapping[Endpoint, frozenset[str]]) -> Sorted:
    """Tell the background from the rest; *names* are those by which programs asked for a server."""
    scans, traces = scanned(exchanges), traced(exchanges)
    lost = {race.loser: race for race in races(exchanges, names)}
    strays = Strays()
    kinds: list[Background | None] = []
    for index, exchange in enumerate(exchanges):
        tiny = exchange.outcome is Outcome.PROBE and any(measures_path(seen.sides) for seen in exchange.seen)
        if tiny or index in traces:
            kinds.append(Background.PATH_PROBE)
        elif index in scans:
            kinds.append(Background.SCAN)
        elif index in lost:
            kinds.append(Background.RACE_LOSER)
        elif strays.has(exchange):
            kinds.append(Background.STRAY)
        elif exchange.outcome is Outcome.PROBE:
            kinds.append(Background.PORT_PROBE)
        elif not exchange.seen[0].sides.opened_in_view and all(is_kept_alive(seen.sides) for seen in exchange.seen):
            kinds.append(Background.KEEPALIVE)
        else:
            kinds.append(None)
    run = tuple(race for index, race in lost.items() if kinds[index] is Background.RACE_LOSER)
    return Sorted(kinds=tuple(kinds), races=run)


def ports_used_again(exchanges: Sequence[Exchange]) -> int:
    """How many connections began between ends that another one had used before: each is one of its own."""
    uses = Counter((exchange.client, exchange.server) for exchange in exchanges)
    return sum(count - 1 for count in uses.values())
