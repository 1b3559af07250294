import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.layer import IPV4, IPV6, NOTHING_KNOWN
from bothways.wire.wrapped import nflog, pktap
from tests.helpers import encapsulated as e
from tests.helpers import packets as p

V4, V6 = p.ipv4("10.0.0.1", "192.0.2.2", b""), p.ipv6("2001:db8::1", "2001:db8::2", b"")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("packet", "protocol"), [(V4, IPV4), (V6, IPV6)])
def test_a_logged_packet_is_found_behind_its_attributes(packet: bytes, protocol: int, order: str) -> None:
    record = e.nflog(packet, order=order)
    found = nflog(record)
    assert found is not None
    assert (found.protocol, record[found.start :], found.source) == (protocol, packet, p.CLIENT_MAC)


def test_a_bridges_record_names_the_protocol_in_an_attribute() -> None:
    found = nflog(e.nflog(V6, family=7, with_address=False))
    assert found is not None
    assert (found.protocol, found.source) == (IPV6, None)


def test_a_record_without_packet_is_none() -> None:
    assert nflog(e.nflog(V4)[:20]) is None
    assert nflog(b"\2\1\0\0" + e.nflog(V4)[4:]) is None
    assert nflog(b"\2\0") is None
    assert nflog(b"\2\0\0\0" + b"\4\0\2\0" * 100) is None
    assert nflog(b"\2\0\0\0\0\0\0\0") is None
    other = nflog(b"\x63\0\0\0\x04\0\x09\0")
    assert other is not None
    assert other.protocol == NOTHING_KNOWN


def test_apples_header_tells_the_link_type_in_either_byte_order() -> None:
    assert pktap(e.pktap(b"", 1)) == pktap(e.pktap(b"", 1, order=">")) == (1, 108)
    assert pktap(e.pktap(b"", 1, follows=0)) is None
    assert pktap(bytes(108)) is None
    assert pktap(b"\x6c\0\0") is None


@given(st.sampled_from([nflog, pktap]), st.binary(max_size=80))
def test_any_bytes_are_a_record_or_none(read: object, data: bytes) -> None:
    assert callable(read)
    read(data)
