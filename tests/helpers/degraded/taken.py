"""The evidence of one folder in memory: captures as records, everything else as it stands.

Read from little-endian captures with microseconds, which is what tcpdump wrote in every case; those of all interfaces
of a host at once (`-i any`) as if each packet had crossed one Ethernet. Written in whatever form a degradation asks
for. It shares no code with the product's readers, so that a mistake cannot be shared.
"""

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.helpers import packets as p
from tests.helpers.cases import NOT_EVIDENCE

_HEADER = 24
_RECORD = struct.Struct("<IIII")
_COOKED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One packet of a capture."""

    at: int
    """Nanoseconds since 1970."""

    length: int
    """Bytes on the wire."""

    data: bytes
    """Bytes kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a capture is written."""

    blocks: bool = False
    """pcapng."""

    nanoseconds: bool = False
    byte_order: str = "<"
    link_type: int = p.ETHERNET
    snap_length: int = 262_144
    dropped: int | None = None
    """What the file says of packets that the capturing program lost; only pcapng can."""

    without_last: int = 0
    """Bytes that are missing at the end of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One capture."""

    vantage: str
    """The name of the case's file that it was made of, without its suffix: by that a view has it or not."""

    records: tuple[Record, ...]
    form: Form = Form()

    def with_each(self, change: Callable[[Record], Record]) -> "Taken":
        """*change* done to every packet."""
        return replace(self, records=tuple(change(record) for record in self.records))

    def with_data(self, change: Callable[[bytes], bytes]) -> "Taken":
        """*change* done to every frame; what it adds or takes was so on the wire."""

        def changed(record: Record) -> Record:
            data = change(record.data)
            return replace(record, data=data, length=record.length + len(data) - len(record.data))

        return self.with_each(changed)

    def where(self, keep: Callable[[Record], bool]) -> "Taken":
        """The packets that *keep* likes."""
        return replace(self, records=tuple(record for record in self.records if keep(record)))

    def file(self) -> bytes:
        """The capture as a file."""
        data = _blocks(self.records, self.form) if self.form.blocks else _classic(self.records, self.form)
        return data[: len(data) - self.form.without_last]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What lies in one folder, and whom it is about."""

    captures: dict[str, Taken]
    """By file name."""

    others: dict[str, bytes]
    """Reports and logs, by file name."""

    client: str
    server: str

    def each(self, change: Callable[[Taken], Taken], *, only: Sequence[str] = ()) -> "Evidence":
        """*change* done to every capture, or to those whose vantage begins like one of *only*."""
        chosen = tuple(only) or ("",)
        changed = {
            name: change(taken) if taken.vantage.startswith(chosen) else taken for name, taken in self.captures.items()
        }
        return replace(self, captures=changed)

    def files(self) -> dict[str, bytes]:
        """Everything, as it would lie in a folder."""
        return {name: taken.file() for name, taken in self.captures.items()} | self.others


def evidence_of(folder: Path) -> Evidence:
    """Read a case, or a run of the lab."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and file.name not in NOT_EVIDENCE]
    return Evidence(
        captures={file.name: taken_of(file) for file in files if file.suffix == ".pcap"},
        others={file.name: file.read_bytes() for file in files if file.suffix != ".pcap"},
        client=truth["client"],
        server=truth["server"],
    )


def taken_of(file: Path) -> Taken:
    """Read one of the cases' captures."""
    data = file.read_bytes()
    assert data[:4] == b"\xd4\xc3\xb2\xa1", f"{file} is no little-endian pcap with microseconds"
    (link_type,) = struct.unpack_from("<I", data, 20)
    assert link_type in {p.ETHERNET, p.COOKED_V2}, f"{file} was taken neither on Ethernet nor with `tcpdump -i any`"
    taken = Taken(vantage=file.stem, records=tuple(_records(data)))
    return taken if link_type == p.ETHERNET else taken.with_data(_on_ethernet)


def _on_ethernet(data: bytes) -> bytes:
    """A packet under the second cooked header, which tells the sender's address and no other (LINKTYPE_LINUX_SLL2)."""
    protocol, sender = data[:2], data[12:18]
    return bytes(6) + sender + protocol + data[_COOKED:]


def _records(data: bytes) -> Iterator[Record]:
    offset = _HEADER
    while offset < len(data):
        seconds, micros, kept, length = _RECORD.unpack_from(data, offset)
        offset += _RECORD.size
        yield Record(at=seconds * 10**9 + micros * 1000, length=length, data=data[offset : offset + kept])
        offset += kept


def _packets(records: Sequence[Record]) -> list[p.Packet]:
    return [p.Packet(at=record.at, frame=record.data, wire_length=record.length) for record in records]


def _classic(records: Sequence[Record], form: Form) -> bytes:
    return p.pcap_file(
        _packets(records),
        nanoseconds=form.nanoseconds,
        byte_order=form.byte_order,
        link_type=form.link_type,
        snap_length=form.snap_length,
    )


def _blocks(records: Sequence[Record], form: Form) -> bytes:
    order = form.byte_order
    tick = 1 if form.nanoseconds else 1000
    pieces = [
        p.pcapng_section(byte_order=order),
        p.pcapng_interface(
            link_type=form.link_type,
            snap_length=form.snap_length,
            resolution=9 if form.nanoseconds else None,
            byte_order=order,
        ),
    ]
    pieces += [
        p.pcapng_packet(record.at // tick, record.data[: form.snap_length], wire_length=record.length, byte_order=order)
        for record in records
    ]
    if form.dropped is not None:
        pieces.append(p.pcapng_statistics(0, dropped=form.dropped, byte_order=order))
    return b"".join(pieces)
