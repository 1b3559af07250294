"""tshark follows the same carriers to the same innermost connection."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bothways.captures.container import read_packets
from bothways.captures.decode import Decoder
from bothways.captures.raw_packet import FileFacts, RawPacket
from bothways.evidence.segment import Segment
from tests.helpers import encapsulated as e
from tests.helpers import packets as p
from tests.helpers.carriers import FRAMES, INNER, OUTER
from tests.helpers.conversation import START
from tests.helpers.repository import TOP

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed (packages.txt)"),
]

FIELDS = ("ip.src", "ip.dst", "ip.ttl", "ip.id", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.len")

TOLD = {
    "pseudowire": ("-d", "mpls.label==17,pwethnocw"),
    "pseudowire with control word": ("-d", "mpls.label==16,pwethcw"),
    "vxlan of linux": ("-d", "udp.port==8472,vxlan"),
}
"""What tshark has to be told, because nothing in the packet says it."""

UNKNOWN_TO_TSHARK = {"pppd"}
"""Its library of file formats has no link type 166."""

GROUPS = {
    **{name: [name] for name in TOLD},
    **{
        f"link type {link_type}": [
            name
            for name, (kind, _, _) in FRAMES.items()
            if kind == link_type and name not in TOLD and name not in UNKNOWN_TO_TSHARK
        ]
        for link_type in {kind for kind, _, _ in FRAMES.values()} - {166}
    },
}


def tshark(capture: Path, *told: str) -> dict[int, dict[str, str]]:
    """The innermost of each field, by frame; frames without TCP left out."""
    command = ["tshark", "-n", "-r", str(capture), *told, "-Y", "tcp", "-T", "fields", "-E", "occurrence=l"]
    command += ["-o", "tcp.desegment_tcp_streams:FALSE", "-o", "tcp.analyze_sequence_numbers:FALSE"]
    for field in ("frame.number", *FIELDS):
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {int(number): dict(zip(FIELDS, row, strict=True)) for number, *row in rows}


def ours(capture: Path) -> dict[int, dict[str, str]]:
    decoder = Decoder()
    items = read_packets([capture.read_bytes()], FileFacts())
    decoded = [decoder.decode(item) for item in items if isinstance(item, RawPacket)]
    return {one.frame: as_fields(one) for one in decoded if isinstance(one, Segment)}


def as_fields(found: Segment) -> dict[str, str]:
    assert found.ip_id is not None
    return {
        "ip.src": found.source.address,
        "ip.dst": found.destination.address,
        "ip.ttl": str(found.ttl),
        "ip.id": f"0x{found.ip_id:04x}",
        "tcp.srcport": str(found.source.port),
        "tcp.dstport": str(found.destination.port),
        "tcp.seq_raw": str(found.seq),
        "tcp.ack_raw": str(found.ack),
        "tcp.len": str(found.payload),
    }


@pytest.mark.parametrize("group", GROUPS)
def test_every_carrier_reads_as_in_tshark(group: str, tmp_path: Path) -> None:
    names = GROUPS[group]
    packets = [p.Packet(at=START + at, frame=FRAMES[name][1]) for at, name in enumerate(names)]
    link_type = FRAMES[names[0]][0]
    for order, swapped in (("<", False), (">", True)):
        # tshark takes the byte order of an NFLOG record from that of its file.
        kept = [
            one for one, name in zip(packets, names, strict=True) if link_type != 239 or swapped == ("order" in name)
        ]
        capture = tmp_path / "carried.pcap"
        capture.write_bytes(p.pcap_file(kept, link_type=link_type, byte_order=order))
        read = ours(capture)
        assert read == tshark(capture, *TOLD.get(group, ()))
        assert len(read) == len(kept)


def in_fragments() -> list[bytes]:
    """Fragments of TCP packets and of tunnels' packets, in and out of order, with others in between."""
    first, second = (
        p.ipv4("10.1.0.1", "10.1.0.2", p.tcp(1, 2, seq=seq, payload=bytes(100)), ttl=57) for seq in (500, 600)
    )
    carried = e.fragments(e.vxlan(OUTER, p.ethernet(first)), 64, identification=99)
    return [
        *e.fragments(first, 48, identification=1),
        INNER,
        *reversed(e.fragments(second, 48, identification=2)),
        carried[0],
        INNER,
        *carried[1:],
        *e.fragments(e.gre(OUTER, e.fragments(first, 48, identification=3)[0]), 24),
        e.gre(OUTER, e.fragments(first, 48, identification=3)[1]),
        e.gre(OUTER, e.fragments(first, 48, identification=3)[2]),
        *e.fragments(p.ipv4("10.1.0.1", "10.1.0.2", p.tcp(1, 2, seq=9, payload=bytes(40))), 16, identification=4),
    ]


def test_fragments_read_as_in_tshark(tmp_path: Path) -> None:
    capture = tmp_path / "fragments.pcap"
    packets = [p.Packet(at=START + at * 1000, frame=p.ethernet(one)) for at, one in enumerate(in_fragments())]
    capture.write_bytes(p.pcap_file(packets))
    read = ours(capture)
    assert read == tshark(capture)
    assert len(read) == 7


@pytest.mark.parametrize("name", ["vxlan", "vxlan-any", "nflog"])
def test_a_real_kernels_carriers_read_as_in_tshark(name: str) -> None:
    capture = TOP / "tests" / "captures" / "samples" / "carriers" / f"{name}.pcap"
    read = ours(capture)
    assert read == tshark(capture)
    assert len(read) >= 5
