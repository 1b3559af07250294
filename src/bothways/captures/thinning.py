"""Of many connections that went alike a sample stands for all.

Reasoning over hundreds of thousands of rows takes long, and the ten thousandth page that a server delivered tells
nothing that the first thousand did not. So of a large capture's connections that plainly worked, and of lone SYNs, rows
are left out, and those that stay say for how many they stand. Nothing that failed, or may have, is ever left out. This
is for cases of one capture: where several are joined, a row that is missing in one of them would be missed in another.
"""

from collections.abc import Hashable, Sequence

from msgspec.structs import replace

from bothways.evidence.capture import ConnectionRow, Survey, WayCounters
from bothways.evidence.segment import Content
from bothways.units import SECOND, Duration, between
from bothways.wire.address import network_of
from bothways.wire.sequence import distance

MANY = 20_000
"""Connections up to which all are kept; reasoning over them takes a second or two."""

_ALL_KEPT = 8
"""Of each group so many are kept from the first on."""

_KEPT_BITS = 1
"""And of every doubling of their number 2 to the power of this, evenly spread."""

_HOSTS_TTL = 32
"""No host sends with an initial TTL this low; what arrives with less measures a path."""

_ERROR = 400
"""Statuses of HTTP from here on are errors (RFC 9110 section 15)."""

_SOON = Duration(SECOND)
"""No longer than this is the server silent before a client ends a connection that went well; `PATIENCE` is longer."""

_ALERT = 7
"""Bytes of a fatal alert of TLS (RFC 8446 sections 5.1 and 6): an answer as short may be a refusal."""


def thinned(survey: Survey, *, many: int = MANY) -> Survey:
    """*survey* with a sample of the rows that went alike, if it has more than *many*; the order is kept."""
    if len(survey.rows) <= many:
        return survey
    stands = sample(survey.rows)
    rows = tuple(
        row if count == 1 else replace(row, stands_for=count)
        for row, count in zip(survey.rows, stands, strict=True)
        if count
    )
    return replace(survey, rows=rows, thinned=len(survey.rows) - len(rows))


def sample(rows: Sequence[ConnectionRow]) -> list[int]:
    """For how many of *rows* each of them stands: itself and, of its group, those that lie nearest to it.

    0 is for those that are left out; the sum is the number of rows.
    """
    stands = [1] * len(rows)
    groups: dict[Hashable, tuple[int, int, int]] = {}
    """How many of a group came so far, how many since the last one that was kept, and the place of that one."""
    for place, row in enumerate(rows):
        group = _group(row)
        if group is None:
            continue
        index, passed, last = groups.get(group, (0, 0, place))
        if is_kept(index):
            stands[place] += passed // 2
            stands[last] -= passed // 2
            groups[group] = index + 1, 0, place
        else:
            stands[place] = 0
            stands[last] += 1
            groups[group] = index + 1, passed + 1, last
    return stands


def is_kept(index: int) -> bool:
    """Whether the sample holds the member of a group that came after *index* others."""
    return index < _ALL_KEPT or index % (1 << (index.bit_length() - 1 - _KEPT_BITS)) == 0


def _group(row: ConnectionRow) -> Hashable:
    """Which rows it went alike with; None where it went in a way of its own."""
    if is_lone_syn(row):
        return row.other, row.sent.ttl is not None and row.sent.ttl < _HOSTS_TTL
    if not went_plainly(row):
        return None
    return (
        row.other,
        network_of(row.opener.address),
        row.sent.name,
        row.sent.layers,
        row.received.layers,
        row.sent.mss,
        row.received.mss,
        "".join(dict.fromkeys(row.history)),
    )


def is_lone_syn(row: ConnectionRow) -> bool:
    """Whether one SYN is all that was seen of it."""
    return row.history == "S" and row.sent.packets == 1 and not row.sent.duplicates and not row.received.packets


def went_plainly(row: ConnectionRow) -> bool:
    """Whether it worked, and nothing in it needs a second look.

    One SYN and one SYN+ACK, data both ways, all of it shown once and acknowledged, and an orderly end.
    """
    sent, received = row.sent, row.received
    return (
        (sent.syns, sent.syn_acks, sent.fins) == (1, 0, 1)
        and (received.syns, received.syn_acks, received.resets) == (0, 1, 0)
        and row.history.startswith("Sh")
        and _is_undisturbed(sent)
        and _is_undisturbed(received)
        and _is_closed(sent, received)
        and _is_in_order(sent, received)
        and sent.ttl is not None
        and sent.ttl >= _HOSTS_TTL
        and (received.opening not in {Content.NOTHING, Content.CUT_OFF} or received.payload > _ALERT)
    )


def _is_undisturbed(way: WayCounters) -> bool:
    """Whether all that the way sent was shown once and in order, and nobody refused."""
    return (
        way.data > 0
        and _shown(way) == way.payload + 1 + way.fins  # the SYN uses up a number, too
        and way.ttl_lowest == way.ttl_highest
        and not (way.repeated or way.refilled or way.reordered or way.missed or way.duplicates)
        and not (way.falls or way.zero_windows or way.icmp_errors or way.turns_away or way.sealed_alert)
        and way.alert is None
        and all(status < _ERROR for status, _ in way.statuses)
    )


def _is_closed(sent: WayCounters, received: WayCounters) -> bool:
    """Whether all was acknowledged, and both ends closed; or the client did, and soon reset what it was done with.

    FINs may stay without an acknowledgement then.
    """
    if sent.end is None or received.end is None or sent.acked is None or received.acked is None:
        return False
    left_open = distance(received.acked, sent.end), distance(sent.acked, received.end)
    if not sent.resets:
        return left_open == (0, 0) and received.fins == 1
    return left_open[0] in {0, 1} and left_open[1] in {0, received.fins} and _is_soon_over(sent, received)


def _is_soon_over(sent: WayCounters, received: WayCounters) -> bool:
    """Whether the server closed, too, or spoke up to the end: else the client may have waited for more in vain."""
    if received.fins:
        return received.fins == 1
    return sent.last is not None and received.last is not None and between(received.last, sent.last) < _SOON


def _shown(way: WayCounters) -> int | None:
    """How many sequence numbers it used up from its SYN on."""
    return None if way.isn is None or way.end is None else distance(way.isn, way.end)


def _is_in_order(sent: WayCounters, received: WayCounters) -> bool:
    """Whether the SYN bears the earlier time, too."""
    return sent.first is not None and received.first is not None and sent.first <= received.first
