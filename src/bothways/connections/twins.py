"""One connection that one observer saw twice, before and after its addresses were translated.

A capture on all interfaces of a translator shows each packet as it came and as it left, and so does one beside a
translator that sends traffic back where it came from. To the reader of the capture these are two connections.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from bothways.connections.exchange import Seen
from bothways.units import MILLISECOND, Duration

IN_PASSING = Duration(100 * MILLISECOND)
"""What a translator takes at most; half of the shortest retransmission timeout in wide use."""


def apart(view: Sequence[Seen]) -> tuple[list[Seen], dict[int, tuple[Seen, ...]]]:
    """What one observer saw, each connection once, and by the number of its row how it saw it again.

    The first sighting counts: packets of the client come to the translator before they leave it.
    """
    first: dict[Hashable, Seen] = {}
    later: defaultdict[Hashable, list[Seen]] = defaultdict(list)
    for seen in view:
        key = _key(seen)
        if key is not None and first.setdefault(key, seen) is not seen:
            later[key].append(seen)
    again = {
        first[key].sides.row.number: tuple(twins)
        for key, twins in later.items()
        if _one_connection([first[key], *twins])
    }
    others = {seen.sides.row.number for twins in again.values() for seen in twins}
    return [seen for seen in view if seen.sides.row.number not in others] if others else list(view), again


def _key(seen: Seen) -> Hashable | None:
    """What no two connections have in common: both initial sequence numbers, else the SYN's and another mark."""
    there, back = seen.sides.there, seen.sides.back
    if there.isn is None or (back.isn is None and there.ts_value is None and not there.ip_id):
        return None
    return (there.isn, back.isn, there.ts_value, there.ip_id, there.syns)


def _one_connection(group: Iterable[Seen]) -> bool:
    """Whether the rows begin together, no two between the same ends; of those without an answer, one end is the same.

    Another port alone is another connection of a host that begins them all alike.
    """
    rows = [seen.sides for seen in group]
    begins = [side.there.first for side in rows if side.there.first is not None]
    if len({(side.client, side.server) for side in rows}) < len(rows) or max(begins) - min(begins) > IN_PASSING:
        return False
    if all(side.back.isn is not None for side in rows):
        return True
    if len({(side.client.address, side.server.address) for side in rows}) < len(rows):
        return False
    return len({side.client for side in rows}) == 1 or len({side.server for side in rows}) == 1
