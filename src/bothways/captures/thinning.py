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
from bothways.wire.address import network_of
from bothways.wire.sequence import distance

MANY = 20_000
"""Connections up to which all are kept; reasoning over them takes a second or two."""

_ALL_KEPT = 8
"""Of each group so many are kept from the first on."""

_KEPT_BITS = 2
"""And of every doubling of their number 2 to the power of this, evenly spread."""

_HOSTS_TTL = 32
"""No host sends with an initial TTL this low; what arrives with less measures a path."""

_ERROR = 400
"""Statuses of HTTP from here on are errors (RFC 9110 section 15)."""

_ALERT = 7
"""Bytes of a fatal alert of TLS (RFC 8446 sections 5.1 and 6): an answer as short may be a refusal."""

_SYN_AND_FIN = 2
"""Sequence numbers beside those of the payload."""


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
    """For how many of *rows* each of them stands: itself and those of its group up to the next one that is kept.

    0 is for those that are left out; the sum is the number of rows.
    """
    stands = [1] * len(rows)
    groups: dict[Hashable, tuple[int, int]] = {}
    """How many of a group came so far, and the place of the last one that was kept."""
    for place, row in enumerate(rows):
        group = _group(row)
        if group is None:
            continue
        index, last = groups.get(group, (0, place))
        if is_kept(index):
            last = place
        else:
            stands[place] = 0
            stands[last] += 1
        groups[group] = index + 1, last
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

    One SYN and one SYN+ACK, data both ways, a FIN each, all of it shown once and acknowledged.
    """
    sent, received = row.sent, row.received
    return (
        (sent.syns, sent.syn_acks, sent.fins) == (1, 0, 1)
        and (received.syns, received.syn_acks, received.fins) == (0, 1, 1)
        and row.history.startswith("Sh")
        and _is_undisturbed(sent, received)
        and _is_undisturbed(received, sent)
        and _is_in_order(sent, received)
        and sent.ttl is not None
        and sent.ttl >= _HOSTS_TTL
        and (received.opening not in {Content.NOTHING, Content.CUT_OFF} or received.payload > _ALERT)
    )


def _is_undisturbed(way: WayCounters, peer: WayCounters) -> bool:
    """Whether all that the way sent was shown once, in order, and acknowledged by *peer*, and nobody refused."""
    return (
        way.data > 0
        and way.end == peer.acked
        and _shown(way) == way.payload + _SYN_AND_FIN
        and way.ttl_lowest == way.ttl_highest
        and not (way.resets or way.repeated or way.refilled or way.reordered or way.missed or way.duplicates)
        and not (way.falls or way.zero_windows or way.icmp_errors or way.turns_away or way.sealed_alert)
        and way.alert is None
        and all(status < _ERROR for status, _ in way.statuses)
    )


def _shown(way: WayCounters) -> int | None:
    """How many sequence numbers it used up from its SYN on."""
    return None if way.isn is None or way.end is None else distance(way.isn, way.end)


def _is_in_order(sent: WayCounters, received: WayCounters) -> bool:
    """Whether the SYN bears the earlier time, too."""
    return sent.first is not None and received.first is not None and sent.first <= received.first
