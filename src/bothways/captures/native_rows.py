"""Rows of the native kernel: records of a fixed size and side tables, as `ConnectionRow` and `WayCounters`.

The kernel says how a record is laid out (`rust/src/captures/record.rs`); numbers of side tables count from 1, and 0
stands for nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from struct import Struct
from typing import Any

from bothways.captures import _kernel
from bothways.captures.native_words import layers_of
from bothways.evidence.capture import ConnectionRow, WayCounters
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.segment import Content
from bothways.wire.address import address

_CONTENTS = tuple(Content)
"""By the numbers that the kernel has for them."""

_OF_ROW = (  # one after the other, as they are unpacked below
    "number part first_frame first_number last_number stands_for opener other opener_port other_port history"
)

_OF_WAY = (
    "known rare opening ttl ttl_lowest ttl_highest first last advanced first_number payload packets syns syn_acks "
    "bare_acks data fins resets largest isn first_ack acked end ts_value ts_echo mss ip_id name layers"
)

_OF_RARE = (
    "missed stuck_until shut_since repeated stuck refilled reordered duplicates falls zero_windows shut icmp_errors "
    "expired_at statuses fell_to alert"
)


_Pick = Callable[[tuple[Any, ...]], tuple[Any, ...]]
"""Takes some of a record's values."""


class RowReader:
    """Reads records of one layout."""

    def __init__(self, layout: Sequence[tuple[str, str]], bits: Mapping[str, int]) -> None:
        """*layout*: the columns with their `struct` formats; *bits*: which bit of `known` or `rare` tells of which."""
        names = [name for name, _ in layout]
        self._record = Struct("<" + "".join(form for _, form in layout))
        self._of_row = itemgetter(*map(names.index, _OF_ROW.split()))
        self._of_way = {
            way: (
                itemgetter(*(names.index(f"{way}.{name}") for name in _OF_WAY.split())),
                itemgetter(*(names.index(f"{way}.{name}") for name in _OF_RARE.split())),
            )
            for way in ("sent", "received")
        }
        self._bits = dict(bits)

    def rows(self, records: _kernel.Rows) -> Iterator[ConnectionRow]:
        """The rows of *records*, in their order."""
        tables = _Tables(records)
        sent, received = (_WayReader(*self._of_way[way], self._bits, tables) for way in ("sent", "received"))
        addresses, histories = tables.addresses, tables.histories
        for values in self._record.iter_unpack(records.data):
            number, part, frame, first, last, stands, opener, other, source, destination, history = self._of_row(values)
            yield ConnectionRow(
                number=number,
                opener=Endpoint(addresses[opener], source),
                other=Endpoint(addresses[other], destination),
                first_frame=frame,
                part=part,
                first_number=first,
                last_number=last,
                history=histories[history],
                stands_for=stands,
                sent=sent.way(values),
                received=received.way(values),
            )


class _Tables:
    """The side tables, with what stands for nothing in front."""

    def __init__(self, records: _kernel.Rows) -> None:
        self.addresses = ["", *map(address, records.addresses)]
        self.histories = ["", *records.histories]
        self.names = [None, *records.names]
        self.statuses = [(), *(tuple(said) for said in records.statuses)]
        self.layers = [(), *map(layers_of, records.layers)]


class _WayReader:
    """Reads the columns of one way."""

    def __init__(self, usual: _Pick, rare: _Pick, bits: Mapping[str, int], tables: _Tables) -> None:
        self._usual, self._rare, self._bits, self._tables = usual, rare, bits, tables

    def way(self, values: tuple[Any, ...]) -> WayCounters:
        """The counters in a record's *values*."""
        # Written out in one piece, as it runs for each way of tens of thousands of rows.
        (
            known, rare, opening, ttl, lowest, highest, first, last, advanced, first_number, payload, packets, syns,
            syn_acks, bare_acks, data, fins, resets, largest, isn, first_ack, acked, end, ts_value, ts_echo,
            mss, ip_id, name, layers,
        ) = self._usual(values)  # fmt: skip
        if not packets and not rare:
            return WayCounters()
        bits, tables = self._bits, self._tables
        way = (
            WayCounters()
        )  # One by one: names given to a struct of so many fields are searched for, which takes longer.
        way.packets, way.bare_acks, way.data, way.payload, way.largest = packets, bare_acks, data, payload, largest
        way.syns, way.syn_acks, way.fins, way.resets = syns, syn_acks, fins, resets
        if known & bits["acked"]:
            way.first_ack, way.acked = first_ack, acked
        if known & bits["end"]:
            way.end = end
        if known & bits["advanced"]:
            way.advanced = advanced
        way.name, way.opening, way.layers = tables.names[name], _CONTENTS[opening], tables.layers[layers]
        way.turns_away = known & bits["turns_away"] > 0
        way.sealed_alert = known & bits["sealed_alert"] > 0
        way.ciphered = known & bits["ciphered"] > 0
        if packets:
            way.first, way.last, way.first_number = first, last, first_number
            way.ttl, way.ttl_lowest, way.ttl_highest = ttl, lowest, highest
        if known & bits["isn"]:
            way.isn = isn
            self._add_opening(way, known, mss, ip_id, (ts_value, ts_echo))
        if rare:
            self._add_rare(way, rare, self._rare(values))
        return way

    def _add_opening(self, way: WayCounters, known: int, mss: int, ip_id: int, stamps: tuple[int, int]) -> None:
        bits = self._bits
        if known & bits["mss"]:
            way.mss = mss
        if known & bits["timestamps"]:
            way.ts_value, way.ts_echo = stamps
        if known & bits["ip_id"]:
            way.ip_id = ip_id

    def _add_rare(self, way: WayCounters, known: int, values: tuple[Any, ...]) -> None:
        bits, tables = self._bits, self._tables
        (
            way.missed, stuck_until, shut_since, way.repeated, way.stuck, way.refilled, way.reordered, way.duplicates,
            way.falls, way.zero_windows, way.shut, way.icmp_errors, expired_at, statuses, fell_to, alert,
        ) = values  # fmt: skip
        way.stuck_until = stuck_until if known & bits["stuck_until"] else None
        way.shut_since = shut_since if known & bits["shut_since"] else None
        way.expired_at = tables.addresses[expired_at] or None
        way.statuses = tables.statuses[statuses]
        way.fell_to = fell_to if known & bits["fell_to"] else None
        way.alert = alert if known & bits["alert"] else None
