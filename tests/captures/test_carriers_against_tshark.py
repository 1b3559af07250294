"""tshark follows the same carriers to the same innermost connection."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bothways.captures.decode import Decoder
from bothways.captures.raw_packet import RawPacket
from bothways.evidence.segment import Segment
from bothways.units import Instant
from tests.helpers import packets as p
from tests.helpers.carriers import FRAMES
from tests.helpers.conversation import START

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


def tshark(capture: Path, name: str) -> dict[str, str]:
    """The innermost of each field."""
    command = ["tshark", "-n", "-r", str(capture), *TOLD.get(name, ()), "-T", "fields", "-E", "occurrence=l"]
    command += ["-o", "tcp.desegment_tcp_streams:FALSE", "-o", "tcp.analyze_sequence_numbers:FALSE"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (line,) = done.stdout.splitlines()
    return dict(zip(FIELDS, line.split("\t"), strict=True))


@pytest.mark.parametrize("name", FRAMES)
def test_every_carrier_reads_as_in_tshark(name: str, tmp_path: Path) -> None:
    link_type, frame, _ = FRAMES[name]
    capture = tmp_path / "carried.pcap"
    capture.write_bytes(p.pcap_file([p.Packet(at=START, frame=frame)], link_type=link_type))
    packet = RawPacket(frame=1, at=Instant(START), link_type=link_type, data=frame, wire_length=len(frame), offset=24)
    found = Decoder().decode(packet)
    assert isinstance(found, Segment)
    assert found.ip_id is not None
    assert tshark(capture, name) == {
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
