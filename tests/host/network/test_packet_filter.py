import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.host.network.packet_filter import MOST, program, words

TARGET, OTHER, ROUTER, OURS = "192.0.2.1", "198.51.100.7", "203.0.113.9", "10.0.0.1"
TARGET6, OTHER6, ROUTER6, OURS6 = "2001:db8::1", "2001:db8:7::7", "2001:db8:9::9", "2001:db8:a::1"
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
LARGEST_PROGRAM = 4096


def passes(code: bytes, packet: bytes) -> bool:
    """What the kernel does with a program (Documentation/networking/filter.rst): a load beyond the end refuses."""
    a = x = at = 0
    instructions = list(struct.iter_unpack("=HBBI", code))
    while True:
        what, yes, no, k = instructions[at]
        at += 1
        if what == 0x06:
            return bool(k)
        if what == 0x05:
            at += k
        elif what == 0x15:
            at += yes if a == k else no
        elif what == 0x25:
            at += yes if a > k else no
        elif what == 0x74:
            a >>= k
        elif what == 0xB1:
            x = 4 * (packet[k] & 0xF)
        else:
            offset, size = k + (x if what & 0x40 else 0), 1 if what & 0x10 else 4
            if offset + size > len(packet):
                return False
            a = int.from_bytes(packet[offset : offset + size])


def ip(source: str, destination: str, protocol: int, payload: bytes, *, options: int = 0) -> bytes:
    ends = ip_address(source).packed + ip_address(destination).packed
    if ":" in source:
        return struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + ends + payload
    total = 20 + options + len(payload)
    head = struct.pack(">BBHHHBBH", 0x45 + options // 4, 0, total, 0, 0, 64, protocol, 0)
    return head + ends + bytes(options) + payload


def error(kind: int, quoted: bytes) -> bytes:
    return struct.pack(">BBHI", kind, 0, 0, 0) + quoted


FILTER = program([TARGET, TARGET6])
SEGMENT = bytes(20)


@pytest.mark.parametrize("options", [0, 12])
def test_packets_of_a_target_pass_both_ways(options: int) -> None:
    assert passes(FILTER, ip(OURS, TARGET, TCP, SEGMENT, options=options))
    assert passes(FILTER, ip(TARGET, OURS, UDP, SEGMENT, options=options))
    assert passes(FILTER, ip(OURS6, TARGET6, TCP, SEGMENT))
    assert passes(FILTER, ip(TARGET6, OURS6, TCP, SEGMENT))


def test_what_concerns_nobody_named_is_not_seen() -> None:
    assert not passes(FILTER, ip(OURS, OTHER, TCP, SEGMENT))
    assert not passes(FILTER, ip(OTHER6, OURS6, TCP, SEGMENT))
    assert not passes(FILTER, b"\x00" * 40)
    assert not passes(program([TARGET]), ip(OURS6, TARGET6, TCP, SEGMENT))
    assert not passes(program([TARGET6]), ip(OURS, TARGET, TCP, SEGMENT))


@pytest.mark.parametrize("options", [0, 4, 40])
def test_a_routers_error_passes_by_whom_it_quotes(options: int) -> None:
    for kind in (3, 5, 11, 12):
        about = error(kind, ip(OURS, TARGET, TCP, SEGMENT))
        foreign = error(kind, ip(OURS, OTHER, TCP, SEGMENT))
        assert passes(FILTER, ip(ROUTER, OURS, ICMP, about, options=options))
        assert not passes(FILTER, ip(ROUTER, OURS, ICMP, foreign, options=options))
    assert passes(FILTER, ip(ROUTER6, OURS6, ICMPV6, error(3, ip(OURS6, TARGET6, TCP, SEGMENT))))
    assert not passes(FILTER, ip(ROUTER6, OURS6, ICMPV6, error(3, ip(OURS6, OTHER6, TCP, SEGMENT))))


def test_pings_of_others_do_not_pass_whatever_they_carry() -> None:
    assert not passes(FILTER, ip(ROUTER, OURS, ICMP, error(8, ip(OURS, TARGET, TCP, SEGMENT))))
    assert not passes(FILTER, ip(ROUTER6, OURS6, ICMPV6, error(128, ip(OURS6, TARGET6, TCP, SEGMENT))))


ADDRESSES = st.lists(st.ip_addresses().map(str), max_size=MOST)


@given(ADDRESSES, st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str))
def test_exactly_the_named_pass(named: list[str], four: str, six: str) -> None:
    code = program(named)
    assert len(code) // 8 <= LARGEST_PROGRAM
    canonical = {str(ip_address(name)) for name in named}
    for one, ours in ((four, OURS), (six, OURS6)):
        packet = ip(ours, one, TCP, SEGMENT)
        assert passes(code, packet) == (one in canonical or ours in canonical)
    for one in named:
        assert passes(code, ip(one, OURS6 if ":" in one else OURS, TCP, SEGMENT))


@given(st.binary(max_size=100))
def test_no_packet_leads_out_of_the_program(packet: bytes) -> None:
    if packet:
        assert passes(FILTER, packet) in {True, False}


def test_people_read_the_filter_in_tcpdumps_words() -> None:
    assert words([TARGET, "fe80::1%eth0"]) == "host 192.0.2.1 or host fe80::1 or icmp or icmp6"
