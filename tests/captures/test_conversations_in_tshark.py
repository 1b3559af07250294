"""tshark counts the same connections: packets each way, flags, payload, repeats, and how complete each one is.

Every difference has a reason in `REASONS`; one without a reason fails, and so does a reason that no capture needs.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bothways.evidence.capture import Chosen, ConnectionRow, Packets, WayCounters
from bothways.evidence.endpoint import Endpoint
from tests.helpers.cases import CASES
from tests.helpers.degraded.steps import done
from tests.helpers.degraded.taken import evidence_of
from tests.helpers.readers import extract, survey
from tests.helpers.repository import TOP, compared_captures
from tests.helpers.tshark import conversations, frames

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed (packages.txt)"),
]

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
SYN_SENT, SYN_ACKED, ACKED, DATA, FINISHED, WAS_RESET = 1, 2, 4, 8, 16, 32
"""Bits of `tcp.completeness` (Wireshark's User's Guide, section 7.5, TCP Conversation Completeness)."""

REPEATS = ("retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order")
Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One number on which the two do not agree."""

    what: str
    """Which number, as in `REASONS`."""

    where: str
    ours: object
    theirs: object


REASONS: dict[str, str] = {
    "copies": "tshark takes a packet that the capture holds twice for a retransmission; here it is counted as a copy",
    "order": "packets that stand before those that they answer are no answers, and fill no hole, for tshark",
    "SYN+ACK alone": "tshark counts a SYN+ACK only behind its SYN, so that a capture of the way back never has one",
    "no bare ACK": "to tshark a FIN or RST that acknowledges is an ACK, so that refused connections have one",
    "reset alone": "a reset before which nothing was captured counts for nothing in tshark",
    "partly repeated": "a segment of which a part was shown before is new data here, and a repeat in tshark",
}
"""Kinds of difference that are known, with why they are right."""


def differences(capture: Path) -> Iterator[Difference]:
    """Everything on which this project and tshark do not agree about *capture*."""
    theirs = list(_streams(capture))
    mine = dict(_connections(capture))
    where = capture.name
    if set(mine) != {_frames(stream) for stream in theirs}:
        yield Difference(what="connections", where=where, ours=len(mine), theirs=len(theirs))
        return
    talks = Counter(frozenset({_talk(row.opener, row.sent), _talk(row.other, row.received)}) for row in mine.values())
    if talks != conversations(capture):
        yield Difference(what="conversations", where=where, ours=talks, theirs=conversations(capture))
    for stream in theirs:
        row = mine[_frames(stream)]
        place = f"{where} frame {stream[0]['frame.number']}"
        ours, said = _completeness(row), int(stream[0]["tcp.completeness"])
        if ours != said:
            what = "reset alone" if (ours, said) == (WAS_RESET, 0) else _why_as_complete(row, stream, ours ^ said)
            yield Difference(what=what, where=place, ours=ours, theirs=said)
        for end, way in ((row.opener, row.sent), (row.other, row.received)):
            sent = [one for one in stream if _sender(one) == end]
            yield from _of_way(way, sent, f"{place}, from {end}", disordered=_disordered(stream))


def _why_as_complete(row: ConnectionRow, stream: Sequence[Row], bits: int) -> str:
    if _disordered(stream):
        return "order"
    if bits == SYN_ACKED and not row.sent.syns + row.received.syns:
        return "SYN+ACK alone"
    if bits == ACKED and not row.sent.bare_acks + row.received.bare_acks:
        return "no bare ACK"
    return "completeness"


def _why_repeated(sent: Sequence[Row]) -> str:
    end: int | None = None
    for one in sent:
        start, length = int(one["tcp.seq_raw"]), int(one["tcp.len"] or 0)
        if end is not None and length and 0 < (end - start) % 2**32 < length:
            return "partly repeated"
        end = start + length if end is None or (start + length - end) % 2**32 < 2**31 else end
    return "repeats"


def _disordered(packets: Sequence[Row]) -> bool:
    times = [one["frame.time_epoch"] for one in packets]
    return times != sorted(times)


def _of_way(way: WayCounters, sent: Sequence[Row], where: str, *, disordered: bool) -> Iterator[Difference]:
    def count(like: Callable[[int], bool]) -> int:
        return sum(like(int(one["tcp.flags"], 16)) for one in sent)

    repeats = sum(any(one[f"tcp.analysis.{kind}"] for kind in REPEATS) for one in sent)
    counted = {
        "packets": (way.packets + way.duplicates, len(sent)),
        "SYN": (way.syns, count(lambda flags: flags & (SYN | ACK) == SYN)),
        "SYN+ACK": (way.syn_acks, count(lambda flags: flags & (SYN | ACK) == SYN | ACK)),
        "FIN": (way.fins, count(lambda flags: bool(flags & FIN) and not flags & RST)),
        "RST": (way.resets, count(lambda flags: bool(flags & RST))),
        "payload": (way.payload, sum(int(one["tcp.len"] or 0) for one in sent)),
        "repeats": (way.repeated + way.refilled + way.reordered, repeats),
    }
    for what, (ours, theirs) in counted.items():
        if ours != theirs:
            kind = ("order" if disordered else _why_repeated(sent)) if what == "repeats" else what
            kind = "copies" if way.duplicates and what != "packets" else kind
            yield Difference(what=kind, where=f"{where}: {what}", ours=ours, theirs=theirs)


def _streams(capture: Path) -> Iterator[list[Row]]:
    """The TCP packets of each of tshark's streams; a packet that an ICMP error quotes is none."""
    found: dict[str, list[Row]] = {}
    for row in frames(capture):
        if row["tcp.stream"] and not row["icmp.type"] and not row["icmpv6.type"]:
            found.setdefault(row["tcp.stream"], []).append(row)
    yield from found.values()


def _connections(capture: Path) -> Iterator[tuple[frozenset[int], ConnectionRow]]:
    """This project's connections by the frames that belong to each."""
    data = capture.read_bytes()
    rows = survey([data], file=capture.name).rows
    for row, packets in zip(
        rows, extract([data], file=capture.name, chosen=[_all_of(row) for row in rows]), strict=True
    ):
        yield _numbers(packets), row


def _all_of(row: ConnectionRow) -> Chosen:
    return Chosen(
        number=row.number,
        opener=row.opener,
        other=row.other,
        first_number=row.first_number,
        last_number=row.last_number,
    )


def _numbers(packets: Packets) -> frozenset[int]:
    return frozenset(segment.frame for segment in packets.segments)


def _frames(stream: Sequence[Row]) -> frozenset[int]:
    return frozenset(int(row["frame.number"]) for row in stream)


def _talk(end: Endpoint, way: WayCounters) -> tuple[str, int, int]:
    return end.address, end.port, way.packets + way.duplicates


def _sender(row: Row) -> tuple[str, int]:
    return row["ip.src"] or row["ipv6.src"], int(row["tcp.srcport"])


def _completeness(row: ConnectionRow) -> int:
    """What tshark would say of a connection, from this project's counters."""
    ways = (row.sent, row.received)
    return (
        (SYN_SENT if any(way.syns for way in ways) else 0)
        | (SYN_ACKED if any(way.syn_acks for way in ways) else 0)
        | (ACKED if any(way.bare_acks for way in ways) else 0)
        | (DATA if any(way.data for way in ways) else 0)
        | (FINISHED if any(way.fins for way in ways) else 0)
        | (WAS_RESET if any(way.resets for way in ways) else 0)
    )


@pytest.mark.parametrize("capture", compared_captures(), ids=lambda path: str(path.relative_to(TOP)))
def test_a_capture_holds_the_same_connections_as_in_tshark(capture: Path) -> None:
    assert [found for found in differences(capture) if found.what not in REASONS] == []


TAKEN_BADLY: dict[str, tuple[tuple[object, ...], ...]] = {
    "any": (("any_v1",),),
    "any 2": (("any_v2",),),
    "snap 96": (("snap", 96),),
    "pcapng": (("written", "pcapng ns"),),
    "tagged": (("tagged",),),
    "there": (("there_only",),),
    "back": (("back_only",),),
    "SYN": (("syn_or_syn_ack",),),
    "flags": (("syn_fin_rst",),),
    "payload": (("payload_only",),),
    "tenth": (("every_nth", 10),),
    "late": (("late", 5),),
    "stopped": (("stopped", 3),),
    "offload": (("offloaded",),),
    "mirrored": (("twice", 2),),
    "swapped": (("swapped",),),
    "noise": (("noisy", 100),),
    "scan": (("scanned", 50),),
}
SOME = ("random-loss/random-loss", "port-closed/ipv6")


def taken_badly(case: str, how: str, scratch: Path) -> Path:
    """The server's capture of a case, degraded."""
    evidence = evidence_of(CASES / case)
    (degraded,) = [taken for taken in done(evidence, TAKEN_BADLY[how]).captures.values() if taken.vantage == "server"]
    file = scratch / f"{how}.pcap"
    file.write_bytes(degraded.file())
    return file


@pytest.fixture(scope="module")
def of_bad_captures(tmp_path_factory: pytest.TempPathFactory) -> list[Difference]:
    """All differences about captures that were taken badly."""
    found: list[Difference] = []
    for case in SOME:
        scratch = tmp_path_factory.mktemp(case.replace("/", "-"))
        for how in TAKEN_BADLY:
            found += differences(taken_badly(case, how, scratch))
    return found


def test_captures_taken_badly_hold_the_same_connections_but_for_known_reasons(
    of_bad_captures: list[Difference],
) -> None:
    assert [found for found in of_bad_captures if found.what not in REASONS] == []


def test_every_known_reason_is_still_one(of_bad_captures: list[Difference]) -> None:
    assert {found.what for found in of_bad_captures} == set(REASONS)
