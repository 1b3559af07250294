import pytest

from bothways.captures.decode import Decoded, Decoder
from bothways.captures.other import Other
from bothways.captures.raw_packet import RawPacket
from bothways.evidence.icmp_error import IcmpError, Unreachable
from bothways.evidence.segment import Content, Segment
from bothways.units import Instant
from tests.helpers import packets as p


def decoded(frame: bytes, *, link_type: int = 1) -> Decoded:
    packet = RawPacket(
        frame=1, number=1, at=Instant(0), link_type=link_type, data=frame, wire_length=len(frame), offset=24
    )
    return Decoder().decode(packet)


@pytest.mark.parametrize(
    ("payload", "content", "name"),
    [
        (b"", Content.NOTHING, None),
        (p.client_hello("a.example"), Content.CLIENT_HELLO, "a.example"),
        (b"\x17\x03\x03\0\x10", Content.TLS, None),
        (b"GET / HTTP/1.1\r\nHost: b.example\r\n\r\n", Content.HTTP_REQUEST, "b.example"),
        (b"HTTP/1.1 200 OK\r\n", Content.HTTP_RESPONSE, None),
        (b"SSH-2.0-x\r\n", Content.OTHER, None),
    ],
)
def test_the_first_bytes_tell_what_a_payload_is(payload: bytes, content: Content, name: str | None) -> None:
    segment = decoded(p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2, payload=payload))
    assert isinstance(segment, Segment)
    assert (segment.payload, segment.content, segment.name) == (len(payload), content, name)


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        (3, 0, Unreachable.NETWORK),
        (3, 1, Unreachable.HOST),
        (3, 3, Unreachable.PORT),
        (3, 4, Unreachable.TOO_BIG),
        (3, 13, Unreachable.PROHIBITED),
        (11, 0, Unreachable.EXPIRED),
        (11, 1, Unreachable.OTHER),
        (5, 1, Unreachable.OTHER),
    ],
)
def test_an_icmp_error_says_what_its_type_and_code_mean(kind: int, code: int, says: Unreachable) -> None:
    quoted = p.ipv4("10.0.0.1", "192.0.2.2", p.tcp(1, 2))
    error = decoded(p.ethernet(p.icmp_error("10.9.9.9", "10.0.0.1", quoted, kind=kind, code=code)))
    assert isinstance(error, IcmpError)
    assert (error.says, error.type, error.code) == (says, kind, code)


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        (1, 0, Unreachable.NETWORK),
        (1, 1, Unreachable.PROHIBITED),
        (1, 3, Unreachable.HOST),
        (1, 4, Unreachable.PORT),
        (2, 0, Unreachable.TOO_BIG),
        (3, 0, Unreachable.EXPIRED),
        (4, 0, Unreachable.OTHER),
    ],
)
def test_icmpv6_says_the_same_in_other_numbers(kind: int, code: int, says: Unreachable) -> None:
    quoted = p.ipv6("2001:db8::1", "2001:db8::2", p.tcp(1, 2))
    error = decoded(p.ethernet(p.icmp_error("2001:db8::9", "2001:db8::1", quoted, kind=kind, code=code, mtu=1280)))
    assert isinstance(error, IcmpError)
    assert (error.says, error.reporter) == (says, "2001:db8::9")


def test_an_icmp_error_about_another_protocol_is_other_ip() -> None:
    quoted = p.ipv4("10.0.0.1", "192.0.2.2", bytes(8), protocol=17)
    assert decoded(p.ethernet(p.icmp_error("10.9.9.9", "10.0.0.1", quoted))) is Other.IP


def test_one_segment_reads_the_same_on_every_link() -> None:
    packet = p.ipv4("10.0.0.1", "192.0.2.2", p.tcp(1, 2, seq=7, payload=b"abc"))
    frames = [
        (101, packet),
        (228, packet),
        (0, p.bsd_loopback(packet)),
        (113, p.cooked_v1(packet, source=b"")),
        (276, p.cooked_v2(packet, source=b"")),
    ]
    first, *others = [decoded(frame, link_type=link_type) for link_type, frame in frames]
    assert isinstance(first, Segment)
    assert all(other == first for other in others)


def test_a_packet_cut_within_its_addresses_is_not_ip() -> None:
    assert decoded(p.tcp_frame("10.0.0.1", "192.0.2.2", 1, 2)[:30]) is Other.NOT_IP
    assert decoded(b"") is Other.NOT_IP
