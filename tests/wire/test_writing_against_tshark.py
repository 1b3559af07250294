"""tshark finds nothing wrong with packets that are written here, and reads in them what was meant."""

import shutil
import subprocess
from ipaddress import ip_address
from pathlib import Path

import pytest

from bothways.wire.datagram_writing import UDP, echo_packet, udp_packet
from bothways.wire.hello_writing import client_hello
from bothways.wire.http import request
from bothways.wire.ip import ICMP, ICMPV6, TCP
from bothways.wire.ip_writing import IpFields
from bothways.wire.tcp import NO_OPTIONS, TcpHeader, TcpOptions
from bothways.wire.tcp_writing import tcp_packet
from tests.helpers import packets as p

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed (packages.txt)"),
]

OFFER = TcpOptions(mss=1460, sack_permitted=True, ts_value=7, ts_echo=0, window_scale=7)
CHECKED = ("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
FIELDS = (
    *("_ws.expert.message", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status"),
    *("icmpv6.checksum.status", "tls.handshake.extensions_server_name", "http.host", "tcp.options.mss_val"),
)
GOOD = "1"


def fields(protocol: int, *, v6: bool) -> IpFields:
    ends = ("2001:db8::1", "2001:db8::2") if v6 else ("192.0.2.1", "192.0.2.2")
    source, destination = (ip_address(end).packed for end in ends)
    return IpFields(source=source, destination=destination, protocol=protocol, ttl=9, identification=3, flow_label=5)


def tcp(*, v6: bool, flags: int, port: int, options: TcpOptions = NO_OPTIONS, payload: bytes = b"") -> bytes:
    header = TcpHeader(
        source_port=40_000 + port,
        destination_port=port,
        seq=1000,
        ack=2000 if flags & 0x10 else 0,
        flags=flags,
        window=500,
        header_length=20,
        options=options,
    )
    return tcp_packet(fields(TCP, v6=v6), header, payload)


def written(*, v6: bool) -> list[bytes]:
    hello = client_hello("www.example.org", bytes(range(32)), 517)
    return [
        tcp(v6=v6, flags=2, port=443, options=OFFER),
        tcp(v6=v6, flags=0x18, port=443, payload=hello),
        tcp(v6=v6, flags=0x18, port=80, payload=request("www.example.org")),
        udp_packet(fields(UDP, v6=v6), 50_000, 33_434, b"abc"),
        echo_packet(fields(ICMPV6 if v6 else ICMP, v6=v6), 1, 2, b"abc"),
    ]


@pytest.mark.parametrize("v6", [False, True], ids=["v4", "v6"])
def test_every_packet_is_whole_and_its_checksums_right(tmp_path: Path, *, v6: bool) -> None:
    file = tmp_path / "written.pcap"
    file.write_bytes(
        p.pcap_file([p.Packet(at=n, frame=one) for n, one in enumerate(written(v6=v6))], link_type=p.RAW_IP)
    )
    asked = [part for field in FIELDS for part in ("-e", field)]
    done = subprocess.run(
        ["tshark", "-n", "-r", str(file), *CHECKED, "-T", "fields", *asked], capture_output=True, text=True, check=True
    )
    rows = [dict(zip(FIELDS, line.split("\t"), strict=True)) for line in done.stdout.splitlines()]
    assert len(rows) == 5
    for row, sums in zip(rows, ("tcp", "tcp", "tcp", "udp", "icmpv6" if v6 else "icmp"), strict=True):
        assert "alformed" not in row["_ws.expert.message"]
        assert row[f"{sums}.checksum.status"] == GOOD
        assert v6 or row["ip.checksum.status"] == GOOD
    assert rows[0]["tcp.options.mss_val"] == "1460"
    assert rows[1]["tls.handshake.extensions_server_name"] == "www.example.org"
    assert rows[2]["http.host"] == "www.example.org"
