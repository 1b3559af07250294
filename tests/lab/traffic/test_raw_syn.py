"""A SYN made by hand is one that every stack would take."""

import pytest

from bothways.lab.traffic.raw_syn import packet
from bothways.wire.checksum import internet_checksum
from bothways.wire.ip import parse_ip
from bothways.wire.tcp import parse_tcp


@pytest.mark.parametrize(("source", "target"), [("10.0.0.14", "192.0.2.7"), ("fd00::e", "2001:db8::7")])
def test_a_packet_is_a_syn_with_a_right_checksum(source: str, target: str) -> None:
    whole = packet(source, target, 61000, 443)
    ip = parse_ip(whole, 0, len(whole))
    assert ip is not None
    assert ip.ttl == 64
    tcp = parse_tcp(whole, ip.start, ip.length)
    assert tcp is not None
    assert (tcp.source_port, tcp.destination_port, tcp.flags, tcp.options.mss) == (61000, 443, 2, 1460)
    pseudo = ip.source + ip.destination + ip.length.to_bytes(4) + (6).to_bytes(4)
    assert internet_checksum(pseudo + whole[ip.start :]) == 0
