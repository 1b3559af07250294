"""How much speaks for two rows of different captures being one connection: in bits, as if by chance.

Devices on the way rewrite addresses, ports, sequence numbers, timestamps, IP identifications: some of them, seldom all.
What two rows still have in common counts as many bits as chance would need to bring it about; what differs though
devices rarely touch it counts against. A proxy that ends the client's connection and opens another one passes on names,
sizes and times, and nothing of the packets themselves: without a number in common that only a forwarded packet has, two
rows are never one connection.
"""

from collections.abc import Container, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

from msgspec import Struct

from bothways.connections.clock import ClockOffset
from bothways.connections.exchange import Seen
from bothways.connections.numbering import begin_there
from bothways.connections.sides import Sides
from bothways.evidence.capture import WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.units import MILLISECOND, SECOND, Duration
from bothways.way import Way
from bothways.wire.sequence import advance, distance, earlier, later

ENOUGH = 32
"""Bits for a join: as many as an initial sequence number has. Of five thousand connections in each of two captures, all
pairs are 2^25: chance joins two of them in one case of a hundred, and only where nothing else contradicts."""

MARGIN = 10
"""Bits by which a candidate must be ahead of the next: a thousand times likelier."""

_ISN = 32
"""Initial sequence numbers are random (RFC 6528)."""

_TSVAL = 20
"""Of 32 bits: a host's connections of one millisecond may share it."""

_CROWDED_TSVAL = {Way.THERE: 8, Way.BACK: 4}
"""Of the TSvals of one clock among many that it gave in these milliseconds: a statement about time, once made."""

CROWD = 50
"""TSvals nearer to each other than this, usually milliseconds (RFC 7323 section 5.4), are likely of one clock."""

_OTHER_TSVAL = -8
_IP_ID = 12
"""Of 16 bits: hosts that count may count alike."""

_OTHER_IP_ID = -4
_CLIENT = 16
_CLIENT_PORT = 6
_CLIENT_ADDRESS = 4
_SERVER = 4
_NAME = 3
_BYTES = {Way.THERE: 5, Way.BACK: 7}
"""For as many bytes from SYN to FIN; requests to one server are often alike."""

_OTHER_BYTES = -20
_MOMENT = 8
_LATE_ENDS = ENOUGH
"""Of a connection whose beginning one of the captures missed, the same ends at the same time are all there is."""

_SPAN_BITS, _MOST_SPAN = 31, 20
_SPAN_KEPT = 10
"""Bits of sequence numbers from which on they are those of a forwarded packet; equal lengths give less."""

_APART = 1 << 24
"""Numbers further apart than most windows reach are not two views of the same bytes."""

REPEATS_UNTIL = Duration(130 * SECOND)
"""When the last repeat of a SYN leaves a Linux host (tcp_syn_retries 6); an observer may have missed the first ones."""

QUEUED = Duration(5 * SECOND)
AT_ONCE = Duration(50 * MILLISECOND)


class Likeness(Struct, frozen=True, kw_only=True):
    """What speaks for two rows being one connection."""

    bits: int
    forwarded: bool
    """They have a number in common that only a forwarded packet has."""

    marked: bool
    """They have the SYN's or SYN+ACK's IP identification in common: 16 bits, good only where others confirm it."""


def likeness(up: Seen, down: Seen, clock: ClockOffset | None, crowded: Mapping[Way, Container[int]]) -> Likeness | None:
    """How alike two rows are; None where they cannot be one connection.

    *crowded* are the TSvals of each way that have others beside them in one of the captures.
    """
    late = begin_there(up.sides) is None or begin_there(down.sides) is None
    moment = _moment(up, down, clock)
    if moment is None or (not late and _differ(up.sides.there.name, down.sides.there.name)):
        return None
    numbers = [_numbers(up.sides, down.sides, way) for way in Way]
    if late and None in numbers:
        return None
    stamps = [_stamps(up.sides, down.sides, way, crowded[way]) for way in Way]
    marks = [_marks(up.sides, down.sides, way) for way in Way]
    known = [bits for bits in numbers if bits is not None]
    if max(known, default=0) >= _ISN:
        # A random number that was kept outweighs others that were not: a device has changed those.
        stamps, marks = [max(bits, 0) for bits in stamps], [max(bits, 0) for bits in marks]
    ends = _LATE_ENDS if late and _same_ends(up.sides, down.sides) else 0
    name = _NAME if up.sides.there.name and up.sides.there.name == down.sides.there.name else 0
    return Likeness(
        bits=moment + _ends(up.sides, down.sides) + ends + name + sum(known) + sum(stamps) + sum(marks),
        forwarded=max(known, default=0) >= _SPAN_KEPT or max(stamps) > 0 or ends > 0,
        marked=max(marks) > 0,
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _same_ends(up: Sides, down: Sides) -> bool:
    return up.client == down.client and up.server == down.server


def _ends(up: Sides, down: Sides) -> int:
    bits = _SERVER if up.server == down.server or embeds(up.server, down.server) else 0
    if up.client == down.client:
        return bits + _CLIENT
    port, address = up.client.port == down.client.port, up.client.address == down.client.address
    return bits + (_CLIENT_PORT if port else 0) + (_CLIENT_ADDRESS if address else 0)


def embeds(one: Endpoint, other: Endpoint) -> bool:
    """Whether one address holds the other, as NAT64 makes IPv6 of IPv4 (RFC 6052 section 2.2), at the same port."""
    if one.port != other.port:
        return False
    try:
        first, second = ip_address(one.address.partition("%")[0]), ip_address(other.address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(first, IPv4Address):
        first, second = second, first
    if not isinstance(first, IPv6Address) or not isinstance(second, IPv4Address):
        return False
    packed = first.packed
    # Octet 8 is kept zero; prefixes are 32, 40, 48, 56, 64 or 96 bits long.
    without = packed[:8] + packed[9:]
    return second.packed in {packed[12:], *(without[start : start + 4] for start in (4, 5, 6, 7, 8))}


def _counters(sides: Sides, way: Way) -> WayCounters:
    return sides.there if way is Way.THERE else sides.back


def _numbers(up: Sides, down: Sides, way: Way) -> int | None:
    """What sequence numbers of *way* say: None where they cannot be the same bytes, however a device counts them."""
    begins = (_begin(up, way), _begin(down, way))
    if begins[0] is None or begins[1] is None:
        return _spans_alike(span(up, way), span(down, way))
    bits = _ISN if begins[0] == begins[1] else 0
    one, other = _counters(up, way), _counters(down, way)
    if one.end is None or other.end is None or not one.fins or not other.fins:
        return bits
    lengths = (distance(begins[0], one.end), distance(begins[1], other.end))
    if lengths[0] != lengths[1]:
        return bits + _OTHER_BYTES
    return bits + (_BYTES[way] if lengths[0] > 2 and not bits else 0)


def _begin(sides: Sides, way: Way) -> int | None:
    return begin_there(sides) if way is Way.THERE else sides.back.isn


def span(sides: Sides, way: Way) -> tuple[int, int] | None:
    """The lowest and highest number of *way* that was in view, in its packets or in their acknowledgements."""
    sender, receiver = _counters(sides, way), _counters(sides, way.other)
    lows = [receiver.first_ack, sender.isn]
    if sender.end is not None:
        lows.append(advance(sender.end, -sender.payload))
    known = [low for low in lows if low is not None]
    highs = [high for high in (sender.end, receiver.acked) if high is not None]
    if not known or not highs:
        return None
    low, high = known[0], highs[0]
    for number in known[1:]:
        low = earlier(low, number)
    for number in highs[1:]:
        high = later(high, number)
    return low, later(low, high)


def _spans_alike(one: tuple[int, int] | None, other: tuple[int, int] | None) -> int | None:
    """Fewer bits the more numbers the two take up together; None where they lie far apart."""
    if one is None or other is None:
        return 0
    gap = max(distance(one[1], other[0]), distance(other[1], one[0]))
    if gap > _APART:
        return None
    if gap > 0:
        return 0
    reach = distance(earlier(one[0], other[0]), later(one[1], other[1]))
    return max(0, min(_MOST_SPAN, _SPAN_BITS - max(0, reach).bit_length()))


def stamp(sides: Sides, way: Way) -> int | None:
    """The TSval of the first SYN or SYN+ACK of *way*; of the SYN also as the SYN+ACK echoes it."""
    if way is Way.BACK:
        return sides.back.ts_value
    return sides.there.ts_value if sides.there.ts_value is not None else sides.back.ts_echo


def _stamps(up: Sides, down: Sides, way: Way, crowded: Container[int]) -> int:
    one, other = stamp(up, way), stamp(down, way)
    if one is None or other is None:
        return 0
    if one == other:
        return _CROWDED_TSVAL[way] if one in crowded else _TSVAL
    return 0 if _offers(up, way) != _offers(down, way) else _OTHER_TSVAL


def _marks(up: Sides, down: Sides, way: Way) -> int:
    one, other = _counters(up, way).ip_id, _counters(down, way).ip_id
    if not one or not other:
        return 0
    if one == other:
        return _IP_ID
    return 0 if _offers(up, way) != _offers(down, way) else _OTHER_IP_ID


def _offers(sides: Sides, way: Way) -> int:
    """How many SYNs or SYN+ACKs were seen: where not as many, the first one seen may not be the same."""
    return sides.there.syns if way is Way.THERE else sides.back.syn_acks


def _moment(up: Seen, down: Seen, clock: ClockOffset | None) -> int | None:
    """What time says, by clocks that others have compared; None where it cannot be."""
    one, other = up.sides.there, down.sides.there
    if clock is None or one.first is None or other.first is None or one.last is None or other.last is None:
        return 0
    due, over = clock.downstream(one.first), clock.downstream(one.last)
    if due.margin is None or over.margin is None:
        return 0
    slack = AT_ONCE + (clock.error or 0) + due.margin
    if one.isn is None or other.isn is None:
        return 0 if other.first <= over.at + slack + QUEUED and other.last >= due.at - slack else None
    late = other.first - due.at
    if abs(late) <= slack:
        return _MOMENT
    if one.syns == other.syns:
        return 0 if -slack <= late <= slack + QUEUED else None
    return 0 if abs(late) <= slack + REPEATS_UNTIL else None
