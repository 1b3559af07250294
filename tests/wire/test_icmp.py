import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.icmp import IcmpMessage, parse_icmp
from tests.helpers import packets as p

QUOTED = p.ipv4("10.0.0.1", "192.0.2.2", p.tcp(40_000, 443, seq=123, flags="S"), ttl=1)
QUOTED_V6 = p.ipv6("2001:db8::1", "2001:db8::2", p.tcp(40_000, 443, seq=123, flags="S"), ttl=1)


def read(quoted: bytes, *, kind: int = 11, code: int = 0, mtu: int = 0) -> IcmpMessage | None:
    packet = p.icmp_error("10.0.0.9", "10.0.0.1", quoted, kind=kind, code=code, mtu=mtu)
    return parse_icmp(4, packet, 20, len(packet) - 20)


def read_v6(quoted: bytes, *, kind: int = 3, code: int = 0, mtu: int = 0) -> IcmpMessage | None:
    packet = p.icmp_error("2001:db8::9", "2001:db8::1", quoted, kind=kind, code=code, mtu=mtu)
    return parse_icmp(6, packet, 40, len(packet) - 40)


@pytest.mark.parametrize("message", [read(QUOTED[:28]), read(QUOTED), read_v6(QUOTED_V6)])
def test_an_error_names_the_packet_that_it_is_about(message: IcmpMessage | None) -> None:
    assert message is not None
    quote = message.quote
    assert (quote.source_port, quote.destination_port, quote.seq) == (40_000, 443, 123)
    assert (quote.protocol, quote.ttl, message.next_hop_mtu) == (6, 1, None)


@pytest.mark.parametrize(
    ("kept", "ports", "seq"), [(27, (40_000, 443), None), (24, (40_000, 443), None), (23, (None, None), None)]
)
def test_what_a_short_quote_lacks_is_none(kept: int, ports: tuple[int | None, int | None], seq: int | None) -> None:
    message = read(QUOTED[:kept])
    assert message is not None
    assert ((message.quote.source_port, message.quote.destination_port), message.quote.seq) == (ports, seq)


def test_padding_behind_a_short_quote_is_not_taken_for_ports() -> None:
    packet = p.icmp_error("10.0.0.9", "10.0.0.1", QUOTED[:20])
    message = parse_icmp(4, packet + bytes(20), 20, len(packet) - 20)
    assert message is not None
    assert message.quote.source_port is None


def test_a_quoted_later_fragment_has_no_ports() -> None:
    message = read(p.ipv4("10.0.0.1", "192.0.2.2", bytes(20), fragment_offset=1480))
    assert message is not None
    assert message.quote.source_port is None


def test_a_router_tells_the_mtu_of_the_next_link() -> None:
    message, older = read(QUOTED, kind=3, code=4, mtu=1400), read(QUOTED, kind=3, code=4)
    assert message is not None
    assert older is not None
    assert (message.next_hop_mtu, older.next_hop_mtu) == (1400, None)


def test_packet_too_big_tells_the_mtu() -> None:
    message = read_v6(QUOTED_V6, kind=2, mtu=1280)
    assert message is not None
    assert message.next_hop_mtu == 1280


def test_only_too_big_messages_have_an_mtu() -> None:
    message = read(QUOTED, kind=3, code=1, mtu=1400)
    assert message is not None
    assert message.next_hop_mtu is None


@pytest.mark.parametrize("kind", [0, 8, 13])
def test_an_echo_is_no_error(kind: int) -> None:
    assert read(QUOTED, kind=kind) is None


def test_an_error_whose_quote_has_no_addresses_says_nothing() -> None:
    assert read(QUOTED[:19]) is None
    assert read(b"") is None


@given(st.sampled_from([4, 6]), st.binary(max_size=120), st.integers(0, 130), st.integers(0, 200))
def test_any_bytes_give_a_message_or_none(version: int, data: bytes, offset: int, length: int) -> None:
    assert isinstance(parse_icmp(version, data, offset, length), IcmpMessage | None)


@given(st.sampled_from([4, 6]), st.sampled_from([1, 2, 3, 11]), st.binary(max_size=120))
def test_any_quote_gives_a_message_or_none(version: int, kind: int, quoted: bytes) -> None:
    data = bytes([kind]) + bytes(7) + quoted
    assert isinstance(parse_icmp(version, data, 0, len(data)), IcmpMessage | None)
