"""The kernel's records of packets as evidence: segments and ICMP errors."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from bothways.captures import _kernel
from bothways.captures.icmp_report import meaning
from bothways.captures.native_words import address_in, end_in, layers_of, mac_in
from bothways.captures.tcp_segment import FLAGS
from bothways.evidence.capture import Packets
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.said import Said, Says
from bothways.evidence.segment import Checksum, Content, Options, Segment
from bothways.units import Instant

_SEGMENT = Struct("<" + "".join(form for _, form in _kernel.SEGMENT))
_ERROR = Struct("<" + "".join(form for _, form in _kernel.ERROR))
_PAIR = Struct("<II")

_CONTENTS, _CHECKSUMS, _SAYS = tuple(Content), tuple(Checksum), tuple(Says)
_WITH_CODE = frozenset({Says.ALERT, Says.STATUS})
_NO_OPTIONS = Options()


class SegmentRecord(NamedTuple):
    """A segment as the kernel writes it: columns in the order of `_kernel.SEGMENT`, -1 for what is not there.

    Tables are numbered from 1; 0 stands for none.
    """

    frame: int
    part: int
    number: int
    at: int
    source: bytes
    source_port: int
    destination: bytes
    destination_port: int
    seq: int
    ack: int
    flags: int
    window: int
    payload: int
    ttl: int
    ip_id: int
    mss: int
    window_scale: int
    sack_permitted: bool
    sack_count: int
    sack_edges: bytes
    ts_value: int
    ts_echo: int
    others: int
    cut: bool
    content: int
    name: int
    said: int
    said_code: int
    link_source: bytes
    link_receiver: bytes
    layers: int
    partial: bool
    checksum: int


class ErrorRecord(NamedTuple):
    """An ICMP error likewise, in the order of `_kernel.ERROR`."""

    frame: int
    part: int
    at: int
    reporter: bytes
    receiver: bytes
    type: int
    code: int
    next_hop_mtu: int
    ttl: int
    source: bytes
    source_port: int
    destination: bytes
    destination_port: int
    seq: int
    quoted_ttl: int
    quoted_ip_id: int
    quoted_mss: int
    translated: bytes
    translated_port: int


class PacketTables:
    """What the records of one walk point to."""

    __slots__ = ("layers", "names", "others")

    def __init__(self, extracted: _kernel.Extracted) -> None:
        self.names: list[str | None] = [None, *extracted.names]
        self.layers = [(), *map(layers_of, extracted.layers)]
        self.others: list[tuple[tuple[int, int], ...]] = [(), *map(tuple, extracted.others)]


def packets_of(number: int, segments: bytes, errors: bytes, tables: PacketTables) -> Packets:
    """What pass two kept of the connection *number*."""
    return Packets(number=number, segments=tuple(_segments(segments, tables)), errors=tuple(_errors(errors)))


def _known(value: int) -> int | None:
    return None if value < 0 else value


def _segments(records: bytes, tables: PacketTables) -> Iterator[Segment]:
    for columns in _SEGMENT.iter_unpack(records):
        record = SegmentRecord._make(columns)
        yield Segment(
            frame=record.frame,
            part=record.part,
            number=record.number,
            at=Instant(record.at),
            source=end_in(record.source, record.source_port),
            destination=end_in(record.destination, record.destination_port),
            seq=record.seq,
            ack=record.ack,
            flags=FLAGS[record.flags],
            window=record.window,
            payload=record.payload,
            ttl=record.ttl,
            ip_id=_known(record.ip_id),
            options=_options(record, tables.others),
            content=_CONTENTS[record.content],
            name=tables.names[record.name],
            said=None if record.said < 0 else _said(record.said, record.said_code),
            link_source=mac_in(record.link_source),
            link_receiver=mac_in(record.link_receiver),
            layers=tables.layers[record.layers],
            partial=record.partial,
            checksum=None if record.checksum < 0 else _CHECKSUMS[record.checksum],
        )


def _options(record: SegmentRecord, others: Sequence[tuple[tuple[int, int], ...]]) -> Options:
    options = Options(
        mss=_known(record.mss),
        window_scale=_known(record.window_scale),
        sack_permitted=record.sack_permitted,
        sack_blocks=tuple(_PAIR.iter_unpack(record.sack_edges[: _PAIR.size * record.sack_count])),
        ts_value=_known(record.ts_value),
        ts_echo=_known(record.ts_echo),
        others=others[record.others],
        cut=record.cut,
    )
    return _NO_OPTIONS if options == _NO_OPTIONS else options


@lru_cache(maxsize=1024)
def _said(kind: int, code: int) -> Said:
    says = _SAYS[kind]
    return Said(says=says, code=code if says in _WITH_CODE else None)


def _errors(records: bytes) -> Iterator[IcmpError]:
    for columns in _ERROR.iter_unpack(records):
        record = ErrorRecord._make(columns)
        told = record.translated_port >= 0
        yield IcmpError(
            frame=record.frame,
            part=record.part,
            at=Instant(record.at),
            reporter=address_in(record.reporter),
            says=meaning(4 if record.reporter[0] == 4 else 6, record.type, record.code),
            type=record.type,
            code=record.code,
            next_hop_mtu=_known(record.next_hop_mtu),
            ttl=record.ttl,
            source=end_in(record.source, record.source_port),
            destination=end_in(record.destination, record.destination_port),
            seq=_known(record.seq),
            quoted_ttl=record.quoted_ttl,
            receiver=address_in(record.receiver),
            translated=end_in(record.translated, record.translated_port) if told else None,
            quoted_ip_id=_known(record.quoted_ip_id),
            quoted_mss=_known(record.quoted_mss),
        )
