"""What is written is read again as it was, with checksums that come out right."""

import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.checksum import internet_checksum
from bothways.wire.datagram_writing import UDP, echo_packet, udp_packet
from bothways.wire.hello_writing import client_hello
from bothways.wire.http import host, is_request, request
from bothways.wire.ip import ICMP, ICMPV6, TCP, parse_ip
from bothways.wire.ip_writing import IpFields, ip_packet, pseudo_sum
from bothways.wire.tcp import TcpHeader, TcpOptions, parse_tcp
from bothways.wire.tcp_writing import header_length, tcp_packet
from bothways.wire.tls import server_name

SEED = bytes(range(32))
words = st.integers(0, 0xFFFF)
longs = st.integers(0, 0xFFFFFFFF)
octets = st.integers(0, 0xFF)


@st.composite
def ip_fields(draw: st.DrawFn, protocol: int | None = None) -> IpFields:
    length = draw(st.sampled_from((4, 16)))
    return IpFields(
        source=draw(st.binary(min_size=length, max_size=length)),
        destination=draw(st.binary(min_size=length, max_size=length)),
        protocol=protocol if protocol is not None else (ICMP if length == 4 else ICMPV6),
        ttl=draw(octets),
        identification=draw(words),
        traffic_class=draw(octets),
        flow_label=draw(st.integers(0, 0xFFFFF)),
    )


options = st.builds(
    TcpOptions,
    mss=st.none() | words,
    window_scale=st.none() | octets,
    sack_permitted=st.booleans(),
    sack_blocks=st.just(()),
) | st.tuples(longs, longs, st.lists(st.tuples(longs, longs), max_size=2)).map(
    lambda drawn: TcpOptions(ts_value=drawn[0], ts_echo=drawn[1], sack_blocks=tuple(drawn[2]))
)


@st.composite
def headers(draw: st.DrawFn) -> TcpHeader:
    offered = draw(options)
    return TcpHeader(
        source_port=draw(words),
        destination_port=draw(words),
        seq=draw(longs),
        ack=draw(longs),
        flags=draw(octets),
        window=draw(words),
        header_length=header_length(offered),
        options=offered,
    )


def transport_sum(fields: IpFields, packet: bytes, *, pseudo: bool = True) -> int:
    """Nought where the checksum in the packet is right."""
    start = 20 if fields.version == 4 else 40
    return internet_checksum(packet[start:], pseudo_sum(fields, len(packet) - start) if pseudo else 0)


@given(ip_fields(TCP), headers(), st.binary(max_size=60))
def test_a_segment_is_read_as_it_was_written(fields: IpFields, header: TcpHeader, payload: bytes) -> None:
    packet = tcp_packet(fields, header, payload)
    ip = parse_ip(packet, 0, len(packet))
    assert ip is not None
    assert parse_tcp(packet, ip.start, ip.length) == header
    assert packet.endswith(payload)
    assert (ip.source, ip.destination, ip.ttl) == (fields.source, fields.destination, fields.ttl)
    assert transport_sum(fields, packet) == 0
    assert fields.version == 6 or internet_checksum(packet[:20]) == 0


@given(ip_fields(UDP), words, words, st.binary(max_size=60))
def test_a_datagram_is_whole_and_its_checksum_right(fields: IpFields, source: int, target: int, data: bytes) -> None:
    packet = udp_packet(fields, source, target, data)
    start = 20 if fields.version == 4 else 40
    assert struct.unpack_from(">HHH", packet, start) == (source, target, 8 + len(data))
    assert packet[start + 6 : start + 8] != b"\0\0"
    assert transport_sum(fields, packet) == 0


@given(ip_fields(), words, words, st.binary(max_size=60))
def test_an_echo_request_has_the_right_checksum(fields: IpFields, number: int, sequence: int, data: bytes) -> None:
    packet = echo_packet(fields, number, sequence, data)
    start = 20 if fields.version == 4 else 40
    assert struct.unpack_from(">B3xHH", packet, start) == (8 if fields.version == 4 else 128, number, sequence)
    assert transport_sum(fields, packet, pseudo=fields.version == 6) == 0


def test_what_does_not_fit_is_refused() -> None:
    fields = IpFields(source=bytes(4), destination=bytes(4), protocol=TCP, ttl=1)
    with pytest.raises(OverflowError, match="at most 65535 bytes"):
        ip_packet(fields, bytes(65_516))
    assert len(ip_packet(fields, bytes(65_515))) == 65_535
    with pytest.raises(OverflowError, match="does not fit"):
        udp_packet(fields, 65_536, 1, b"")


def test_addresses_stand_in_their_places() -> None:
    source, destination = ip_address("2001:db8::1").packed, ip_address("2001:db8::2").packed
    packet = ip_packet(IpFields(source=source, destination=destination, protocol=59, ttl=9, flow_label=5), b"")
    assert packet == bytes.fromhex("60000005") + bytes([0, 0, 59, 9]) + source + destination


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=255), st.integers(0, 3000))
def test_a_hello_names_its_server_and_has_the_wanted_size(name: str, size: int) -> None:
    bare, padded = len(client_hello(name, SEED)), client_hello(name, SEED, size)
    assert server_name(padded) == name
    assert len(padded) == (bare if size <= bare else max(size, bare + 4))
    assert int.from_bytes(padded[3:5]) == len(padded) - 5


def test_a_hello_without_a_name_has_none() -> None:
    assert server_name(client_hello(None, SEED)) is None


@given(st.text(max_size=20))
def test_a_request_cannot_be_smuggled_into_another(text: str) -> None:
    written = request(f"www.example.org{text}", text)
    assert is_request(written)
    assert written.count(b"\r\n") == 6
    assert written.endswith(b"\r\n\r\n")


def test_a_request_names_its_host() -> None:
    assert host(request("www.example.org:8080")) == "www.example.org"
