"""Whatever carries a packet, its innermost connection is what is read."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bothways.captures.decode import Decoded, Decoder
from bothways.captures.other import Other
from bothways.captures.raw_packet import RawPacket
from bothways.evidence.icmp_error import IcmpError
from bothways.evidence.segment import Segment
from bothways.units import Instant
from bothways.wire.layer import Hidden
from bothways.wire.link import LINK_NAMES
from tests.helpers import encapsulated as e
from tests.helpers import packets as p
from tests.helpers.carriers import FRAMES, INNER, OUTER, OUTER_V6


def raw(frame: bytes, *, link_type: int = 1) -> RawPacket:
    return RawPacket(
        frame=1, number=1, at=Instant(0), link_type=link_type, data=frame, wire_length=len(frame), offset=24
    )


def decoded(frame: bytes, *, link_type: int = 1) -> Decoded:
    return Decoder().decode(raw(frame, link_type=link_type))


def segment(frame: bytes, *, link_type: int = 1) -> Segment:
    found = decoded(frame, link_type=link_type)
    assert isinstance(found, Segment), found
    return found


def bare(found: Segment) -> Segment:
    """Without what the carrier alone decides."""
    return replace(found, layers=(), link_source=None)


@pytest.mark.parametrize("name", FRAMES)
def test_the_innermost_connection_is_read_and_the_carrier_told(name: str) -> None:
    link_type, frame, layers = FRAMES[name]
    found = segment(frame, link_type=link_type)
    assert bare(found) == bare(segment(INNER, link_type=101))
    assert found.layers == layers
    assert found.ttl == 57


@pytest.mark.parametrize(
    ("frame", "link_type", "hidden"),
    [
        (p.ethernet(p.ip(*OUTER, bytes(40), protocol=50)), 1, Hidden.ESP),
        (p.ethernet(p.ip(*OUTER_V6, bytes(40), protocol=50)), 1, Hidden.ESP),
        (p.ethernet(e.udp(OUTER, b"\0\0\0\1" + bytes(40), 4500)), 1, Hidden.ESP),
        (p.ethernet(e.udp(OUTER, b"\0\0\0\1" + bytes(40), 999, source_port=4500)), 1, Hidden.ESP),
        (p.ethernet(e.udp(OUTER, b"\4\0\0\0" + bytes(60), 51820)), 1, Hidden.WIREGUARD),
        (p.ethernet(e.macsec(INNER, encrypted=True), protocol=0x88E5), 1, Hidden.MACSEC),
        (e.wifi(bytes(60), protected=True, sealed=True), 105, Hidden.WIFI),
        (e.radiotap(e.wifi(bytes(60), protected=True, sealed=True, qos=True)), 127, Hidden.WIFI),
        (b"\xff\x03\x00\xfd" + bytes(40), 9, Hidden.PPP),
    ],
)
def test_what_is_encrypted_is_hidden_and_not_absent(frame: bytes, link_type: int, hidden: Hidden) -> None:
    assert decoded(frame, link_type=link_type) is hidden


@pytest.mark.parametrize(
    "body",
    [
        b"\0\0\0\0" + bytes(40),
        b"\xff",
        b"",
    ],
)
def test_key_exchange_and_keepalives_hide_nothing(body: bytes) -> None:
    assert decoded(p.ethernet(e.udp(OUTER, body, 4500), padded=False)) is Other.IP


@pytest.mark.parametrize("port", [4789, 8472, 4790, 6081, 2152, 6635, 51820, 4500])
@given(body=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80).map(str.encode))
def test_plain_udp_on_a_tunnels_port_is_no_tunnel(port: int, body: bytes) -> None:
    assert decoded(p.ethernet(e.udp(OUTER, b"GET " + body, port))) in {Other.IP, Hidden.ESP}


def odd_vxlan(*, flags: int = 8, reserved: int = 0, last: int = 0) -> bytes:
    frame = p.ethernet(INNER)
    return e.udp(OUTER, bytes([flags, 0, 0, reserved, 0, 0, 42, last]) + frame, 4789)


@pytest.mark.parametrize(
    "packet",
    [
        odd_vxlan(flags=0),
        odd_vxlan(flags=0x48),
        odd_vxlan(reserved=1),
        odd_vxlan(last=1),
        e.udp(OUTER, b"\x40\0\x65\x58\0\0\x2a\0" + p.ethernet(INNER), 6081),
        e.udp(OUTER, b"\0\x01\x65\x58\0\0\x2a\0" + p.ethernet(INNER), 6081),
        e.udp(OUTER, b"\x30\xff\0\x09\0\0\0\1" + INNER, 2152),
        e.udp(OUTER, b"\x30\x01" + len(INNER).to_bytes(2) + b"\0\0\0\1" + INNER, 2152),
        e.udp(OUTER, b"\x08\0\0\0\0\0\x2a\0" + p.ethernet(INNER), 9999),
        p.ip(*OUTER, b"\x40\0\x08\0" + bytes(4) + INNER, protocol=47),
        p.ip(*OUTER, b"\0\x02\x08\0" + INNER, protocol=47),
        p.ip(*OUTER, INNER, protocol=41),
        p.ip(*OUTER, b"\x20\0" + p.ethernet(INNER), protocol=97),
    ],
)
def test_a_header_that_makes_no_sense_is_no_tunnels(packet: bytes) -> None:
    assert decoded(p.ethernet(packet)) is Other.IP


def test_tunnels_end_after_eight() -> None:
    packet = INNER
    for _ in range(7):
        packet = e.ipip(OUTER, packet)
    assert len(segment(packet, link_type=101).layers) == 7
    assert decoded(e.ipip(OUTER, packet), link_type=101) is Other.IP


def test_what_a_snap_length_cuts_of_a_tunnel_is_cut_off_and_not_absent() -> None:
    frame = p.ethernet(e.vxlan(OUTER, p.ethernet(INNER)))
    whole = RawPacket(frame=1, number=1, at=Instant(0), link_type=1, data=frame[:60], wire_length=len(frame), offset=24)
    assert Decoder().decode(whole) is Other.CUT_TUNNEL
    within_tcp = replace(whole, data=frame[: frame.find(INNER) + 30])
    assert Decoder().decode(within_tcp) is Other.CUT_TCP


def test_a_mirror_that_cuts_packets_short_leaves_their_lengths_right() -> None:
    found = segment(p.ethernet(e.erspan(OUTER, p.ethernet(INNER)[: 14 + 40 + 20], version=2)))
    assert found.payload == len(INNER) - 40


def test_a_gso_packet_without_length_in_a_tunnel_ends_where_its_carrier_ends() -> None:
    inner = p.ipv4("10.1.0.1", "10.1.0.2", p.tcp(1, 2, payload=bytes(5000)), total_length=0)
    assert segment(p.ethernet(e.vxlan(OUTER, p.ethernet(inner)) + bytes(9))).payload == 5000


def test_a_checksum_behind_the_frame_is_no_payload() -> None:
    packet = p.ipv4("10.1.0.1", "10.1.0.2", p.tcp(1, 2, payload=b"x" * 50))
    assert segment(p.ethernet(packet) + bytes(4)).payload == 50
    assert segment(e.radiotap(e.wifi(packet) + bytes(4), flags=0x10), link_type=127).payload == 50


def test_a_frame_damaged_in_the_air_is_not_read() -> None:
    assert decoded(e.radiotap(e.wifi(INNER), flags=0x40), link_type=127) is Other.NOT_IP


def test_frames_of_wifi_that_carry_no_data_are_not_ip() -> None:
    assert decoded(e.wifi(INNER, subtype=4), link_type=105) is Other.NOT_IP
    assert decoded(b"\x80" + e.wifi(INNER)[1:], link_type=105) is Other.NOT_IP
    assert decoded(e.wifi(INNER, fragment=1), link_type=105) is Other.NOT_IP


def test_a_decrypted_frame_whose_protected_bit_stands_is_read() -> None:
    frame = e.wifi(INNER, protected=True)
    assert segment(frame, link_type=105).seq == 7
    assert segment(frame[:24] + bytes(8) + frame[24:], link_type=105).seq == 7


def test_all_packets_of_an_aggregate_are_read() -> None:
    packets = [p.ipv4("10.1.0.1", "10.1.0.2", p.tcp(1, 2, seq=number, payload=b"x" * number)) for number in range(3)]
    decoder = Decoder()
    first = decoder.decode(raw(e.wifi(b"", qos=True, subframes=packets), link_type=105))
    more = [one for _, one in decoder.further()]
    assert [one.seq for one in (first, *more) if isinstance(one, Segment)] == [0, 1, 2]
    assert list(decoder.further()) == []


@pytest.mark.parametrize(
    "carry",
    [
        lambda packet: e.ipip(OUTER, packet, ttl=1),
        lambda packet: e.gre(OUTER, packet, key=3),
        lambda packet: e.vxlan(OUTER, p.ethernet(packet, vlans=[(0x8100, 5)])),
        lambda packet: e.gtp_u(OUTER, packet),
    ],
)
def test_an_error_about_a_tunnels_packet_is_one_about_the_connection_inside(carry: Callable[[bytes], bytes]) -> None:
    quoted = carry(INNER)
    error = decoded(p.ethernet(p.icmp_error("10.9.9.9", OUTER[0], quoted, ttl=50)))
    assert isinstance(error, IcmpError), error
    assert (error.source.port, error.destination.port, error.seq) == (40_000, 443, 7)
    assert (error.source.address, error.ttl, error.quoted_ttl) == ("10.1.0.1", 50, quoted[8])


def test_an_error_that_quotes_too_little_of_a_tunnel_is_about_no_connection() -> None:
    quoted = e.ipip(OUTER, INNER)[:28]
    assert decoded(p.ethernet(p.icmp_error("10.9.9.9", OUTER[0], quoted))) is Other.IP


def test_an_error_inside_of_a_tunnel_is_read() -> None:
    error = decoded(p.ethernet(e.gre(OUTER, p.icmp_error("10.9.9.9", "10.1.0.1", INNER, ttl=44))))
    assert isinstance(error, IcmpError)
    assert (error.ttl, error.source.port) == (44, 40_000)


Wrap = Callable[[bytes], bytes]
V4 = [OUTER, ("192.0.2.7", "192.0.2.8")]
PACKET_TO_PACKET: list[Callable[[tuple[str, str]], Wrap]] = [
    lambda ends: lambda packet: e.ipip(ends, packet),
    lambda ends: lambda packet: e.gre(ends, packet),
    lambda ends: lambda packet: e.gre(ends, packet, key=5, checksum=True, sequence=9),
    lambda ends: lambda packet: e.gre(ends, p.ethernet(packet, padded=False), kind=0x6558, key=0x12300),
    lambda ends: lambda packet: e.vxlan(ends, p.ethernet(packet)),
    lambda ends: lambda packet: e.vxlan(ends, p.ethernet(packet, vlans=[(0x88A8, 3), (0x8100, 4)])),
    lambda ends: lambda packet: e.geneve(ends, packet, kind=p.ethertype(packet), options=bytes(8)),
    lambda ends: lambda packet: e.gtp_u(ends, packet, extensions=2),
    lambda ends: lambda packet: e.erspan(ends, p.ethernet(packet), version=3, subheader=True),
    lambda ends: lambda packet: e.pptp(ends, packet, acknowledges=True),
    lambda ends: lambda packet: e.vxlan(ends, p.ethernet(e.mpls(packet, 16, 17), protocol=0x8847)),
    lambda ends: lambda packet: e.etherip(ends, p.ethernet(e.pppoe(packet), protocol=0x8864)),
    lambda ends: lambda packet: e.mpls_in_udp(ends, packet, 1000),
]
LINKS: list[tuple[int, Wrap]] = [
    (1, p.ethernet),
    (1, e.ieee_802_3),
    (1, lambda packet: p.ethernet(e.mpls(p.ethernet(packet), 20, control_word=True), protocol=0x8847)),
    (1, lambda packet: p.ethernet(e.pppoe(packet), protocol=0x8864, vlans=[(0x8100, 7)])),
    (0, p.bsd_loopback),
    (9, e.ppp),
    (104, e.cisco_hdlc),
    (105, e.wifi),
    (127, lambda packet: e.radiotap(e.wifi(packet, qos=True, padded=True), flags=0x20, clock=True, more_words=2)),
    (192, lambda packet: e.ppi(e.wifi(packet, to_ds=True, from_ds=True))),
    (113, p.cooked_v1),
    (239, e.nflog),
    (258, lambda packet: e.pktap(p.ethernet(packet), 1)),
]


@given(
    st.sampled_from(LINKS),
    st.lists(st.tuples(st.sampled_from(PACKET_TO_PACKET), st.sampled_from([*V4, OUTER_V6])), max_size=7),
)
def test_no_stack_of_carriers_changes_what_is_read(
    link: tuple[int, Wrap], stack: list[tuple[Callable[[tuple[str, str]], Wrap], tuple[str, str]]]
) -> None:
    packet = INNER
    for carrier, ends in stack:
        packet = carrier(ends)(packet)
    link_type, wrap = link
    assert bare(segment(wrap(packet), link_type=link_type)) == bare(segment(INNER, link_type=101))


@given(st.sampled_from(sorted({*LINK_NAMES, 147})), st.binary(max_size=200))
def test_any_bytes_on_any_link_are_something(link_type: int, data: bytes) -> None:
    assert decoded(data, link_type=link_type) is not None


@pytest.mark.parametrize("name", FRAMES)
@given(data=st.data())
def test_damaged_carriers_are_something(name: str, data: st.DataObject) -> None:
    link_type, frame, _ = FRAMES[name]
    damaged = bytearray(frame[: data.draw(st.integers(0, len(frame)))])
    for _ in range(data.draw(st.integers(0, 4)) if damaged else 0):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    decoder = Decoder()
    assert decoder.decode(raw(bytes(damaged), link_type=link_type)) is not None
    assert all(one is not None for _, one in [*decoder.further(), *decoder.finish()])
