"""tshark reads the same captures: every field that both know must agree."""

import re
import shutil
from pathlib import Path

import pytest

from bothways.captures.container import read_packets
from bothways.captures.decode import Decoder
from bothways.captures.raw_packet import FileFacts, RawPacket
from bothways.evidence.capture import Chosen
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.segment import Segment
from tests.helpers import packets as p
from tests.helpers.conversation import START
from tests.helpers.readers import extract, survey
from tests.helpers.repository import TOP, compared_captures
from tests.helpers.tshark import frames

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed (packages.txt)"),
]


def is_error(row: dict[str, str]) -> bool:
    return bool(row["icmp.type"] or row["icmpv6.type"])


def of_tcp(capture: Path) -> list[dict[str, str]]:
    return [row for row in frames(capture) if row["tcp.srcport"] and not is_error(row)]


def number(text: str) -> int | None:
    return int(text, 0) if text else None


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")] if text else []


def nanoseconds(text: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole) * 10**9 + int(fraction.ljust(9, "0"))


def ours(capture: Path) -> list[Segment | IcmpError]:
    items = read_packets([capture.read_bytes()], FileFacts())
    decoder = Decoder()
    decoded = [decoder.decode(item) for item in items if isinstance(item, RawPacket)]
    return [one for one in decoded if isinstance(one, Segment | IcmpError)]


def assert_segments_agree(capture: Path) -> None:
    segments = [one for one in ours(capture) if isinstance(one, Segment)]
    theirs = of_tcp(capture)
    assert [segment.frame for segment in segments] == [int(row["frame.number"]) for row in theirs]
    for segment, row in zip(segments, theirs, strict=True):
        options = segment.options
        mine = {
            "at": segment.at,
            "ends": (*segment.source, *segment.destination),
            "seq": (segment.seq, segment.ack, int(segment.flags), segment.window, segment.payload),
            "ip": (segment.ttl, segment.ip_id),
            "syn": (options.mss, options.window_scale, options.sack_permitted),
            "sack": [edge for block in options.sack_blocks for edge in block],
            "timestamps": (options.ts_value, options.ts_echo),
        }
        edges = zip(numbers(row["tcp.options.sack_le"]), numbers(row["tcp.options.sack_re"]), strict=True)
        assert mine == {
            "at": nanoseconds(row["frame.time_epoch"]),
            "ends": (
                row["ip.src"] or row["ipv6.src"],
                number(row["tcp.srcport"]),
                row["ip.dst"] or row["ipv6.dst"],
                number(row["tcp.dstport"]),
            ),
            "seq": (
                number(row["tcp.seq_raw"]),
                number(row["tcp.ack_raw"]),
                int(row["tcp.flags"], 16) & 0xFF,
                number(row["tcp.window_size_value"]),
                number(row["tcp.len"]),
            ),
            "ip": (number(row["ip.ttl"] or row["ipv6.hlim"]), number(row["ip.id"])),
            "syn": (
                number(row["tcp.options.mss_val"]),
                number(row["tcp.options.wscale.shift"]),
                bool(row["tcp.options.sack_perm"]),
            ),
            "sack": [edge for block in edges for edge in block],
            "timestamps": (
                number(row["tcp.options.timestamp.tsval"]),
                number(row["tcp.options.timestamp.tsecr"]),
            ),
        }, f"frame {segment.frame}"


def assert_errors_agree(capture: Path) -> None:
    errors = [one for one in ours(capture) if isinstance(one, IcmpError)]
    theirs = [row for row in frames(capture) if row["tcp.srcport"] and is_error(row)]
    assert [error.frame for error in errors] == [int(row["frame.number"]) for row in theirs]
    for error, row in zip(errors, theirs, strict=True):
        reporter, *quoted = (row["ip.src"] or row["ipv6.src"]).split(",")
        ttl, quoted_ttl = numbers(row["ip.ttl"] or row["ipv6.hlim"])
        assert (error.reporter, error.source.address, error.ttl, error.quoted_ttl) == (
            reporter,
            quoted[0],
            ttl,
            quoted_ttl,
        )
        assert (error.type, error.code) == (
            number(row["icmp.type"] or row["icmpv6.type"]),
            number(row["icmp.code"] or row["icmpv6.code"]),
        )
        assert (error.next_hop_mtu or None) == (number(row["icmp.mtu"] or row["icmpv6.mtu"]) or None)
        assert (error.source.port, error.destination.port, error.seq) == (
            number(row["tcp.srcport"]),
            number(row["tcp.dstport"]),
            number(row["tcp.seq"]),
        )


def assert_names_agree(capture: Path) -> None:
    mine = {one.frame: one.name for one in ours(capture) if isinstance(one, Segment) and one.name}
    theirs = {
        int(row["frame.number"]): row["tls.handshake.extensions_server_name"] or re.sub(r":\d+$", "", row["http.host"])
        for row in frames(capture)
        if row["tls.handshake.extensions_server_name"] or row["http.host"]
    }
    # tshark needs a stream's start to know its protocol; what it names, this reader must name alike.
    assert {frame: mine.get(frame) for frame in theirs} == theirs


def assert_rows_agree(capture: Path) -> None:
    """What pass one counts is what pass two extracts, and both are what tshark counts."""
    found = survey([capture.read_bytes()], file=capture.name)
    chosen = [
        Chosen(number=r.number, opener=r.opener, other=r.other, first_number=r.first_number, last_number=r.last_number)
        for r in found.rows
    ]
    picked = extract([capture.read_bytes()], file=capture.name, chosen=chosen)
    for row, packets in zip(found.rows, picked, strict=True):
        assert len(packets.segments) == sum(way.packets + way.duplicates for way in (row.sent, row.received))
        assert len(packets.errors) == sum(way.icmp_errors for way in (row.sent, row.received))
    assert found.tcp_packets == len(of_tcp(capture))
    assert found.packets == len(frames(capture))


@pytest.mark.parametrize("capture", compared_captures(), ids=lambda path: str(path.relative_to(TOP)))
def test_a_capture_of_the_project_reads_as_in_tshark(capture: Path) -> None:
    assert_segments_agree(capture)
    assert_errors_agree(capture)
    assert_names_agree(capture)
    assert_rows_agree(capture)


def odd_frames() -> list[bytes]:
    """What rarely occurs: tags, extension headers, options, fragments, jumbograms, both address families."""
    segment = p.tcp(
        40_000, 443, seq=5, ack=6, flags="A", options=[p.nop(), p.nop(), p.sack((1, 2), (3, 4))], payload=b"abc"
    )
    syn = p.tcp(
        40_000, 443, flags="SEC", options=[p.mss(9000), p.sack_permitted(), p.timestamps(1, 2), p.window_scale(14)]
    )
    four, six = ("10.0.0.1", "192.0.2.2"), ("2001:db8::1", "2001:db8:0:0:1::2")
    extensions = [
        p.hop_by_hop(),
        (60, b"\0\x01\x04\0\0\0\0"),
        p.fragment_header(0),
        p.authentication_header(6),
    ]
    return [
        p.ethernet(p.ipv4(*four, segment)),
        p.ethernet(p.ipv4(*four, syn, options=b"\x94\x04\0\0"), vlans=[(0x88A8, 1), (0x8100, 2)]),
        p.ethernet(p.ipv4(*four, bytes(40), fragment_offset=1480)),
        p.ethernet(p.ipv6(*six, segment), vlans=[(0x8100, 2)]),
        p.ethernet(p.ipv6(*six, syn, extensions=extensions)),
        p.ethernet(p.icmp_error("2001:db8::9", six[0], p.ipv6(*six, syn, ttl=3), kind=2, mtu=1280)),
        p.ethernet(p.icmp_error("10.9.9.9", four[0], p.ipv4(*four, segment, ttl=1), kind=3, code=4, mtu=1400)),
        p.ethernet(p.icmp_error("10.9.9.9", four[0], p.ipv4(*four, segment, ttl=1)[:28], kind=3, code=13)),
    ]


@pytest.mark.parametrize(
    "kind", ["pcap", "pcap big", "pcap nano", "pcapng", "pcapng big", "cooked 1", "cooked 2", "raw"]
)
def test_odd_packets_read_as_in_tshark(kind: str, tmp_path: Path) -> None:
    packets = [p.Packet(at=START + n * 1000, frame=frame) for n, frame in enumerate(odd_frames())]
    bare = [frame[14:] for frame in odd_frames() if frame[12:14] in {b"\x08\0", b"\x86\xdd"}]
    v1 = [p.Packet(at=START, frame=p.cooked_v1(packet)) for packet in bare]
    v2 = [p.Packet(at=START, frame=p.cooked_v2(packet)) for packet in bare]
    raw = [p.Packet(at=START, frame=packet) for packet in bare]
    capture = tmp_path / "odd"
    capture.write_bytes(
        {
            "pcap": p.pcap_file(packets),
            "pcap big": p.pcap_file(packets, byte_order=">"),
            "pcap nano": p.pcap_file(packets, nanoseconds=True),
            "pcapng": p.pcapng_file(packets),
            "pcapng big": p.pcapng_file(packets, byte_order=">"),
            "cooked 1": p.pcap_file(v1, link_type=p.COOKED_V1),
            "cooked 2": p.pcap_file(v2, link_type=p.COOKED_V2),
            "raw": p.pcap_file(raw, link_type=p.RAW_IP),
        }[kind]
    )
    assert_segments_agree(capture)
    assert_errors_agree(capture)
    assert_rows_agree(capture)
