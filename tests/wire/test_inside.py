"""Tunnels one at a time; tests/captures/test_carried.py follows whole stacks of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.address import address
from bothways.wire.chain import follow
from bothways.wire.gre import gre
from bothways.wire.inside import Inside, Nothing, innermost, inside
from bothways.wire.ip import IpHeader, parse_ip
from bothways.wire.layer import BRIDGED, IPV4, PPP, VLAN, Hidden, Layer
from bothways.wire.tunnel import tunnel
from bothways.wire.udp_tunnel import udp_tunnel
from tests.helpers import encapsulated as e
from tests.helpers import packets as p
from tests.helpers.carriers import INNER, OUTER, OUTER_V6

ENDS = f"{OUTER[0]} > {OUTER[1]}"


def header(packet: bytes) -> IpHeader:
    found = parse_ip(packet, 0, len(packet))
    assert found is not None
    return found


def test_a_tunnels_ends_and_what_stands_behind_it_are_told() -> None:
    packet = e.vxlan(OUTER, p.ethernet(INNER, vlans=[(0x8100, 5)]))
    found = inside(header(packet), packet)
    assert isinstance(found, Inside)
    assert found.words == (f"vxlan 42 {ENDS}", "vlan 5")
    assert (address(found.ip.source), found.ip.ttl) == ("10.1.0.1", 57)


def test_why_nothing_is_inside_is_told() -> None:
    plain = p.ip(*OUTER, bytes(30), protocol=17)
    assert inside(header(plain), plain) is Nothing.NO_TUNNEL
    arp = e.vxlan(OUTER, p.ethernet(bytes(28), protocol=0x0806))
    assert inside(header(arp), arp) is Nothing.NO_TUNNEL
    odd = p.ip(*OUTER, INNER, protocol=41)
    assert inside(header(odd), odd) is Nothing.NO_TUNNEL
    whole = e.vxlan(OUTER, p.ethernet(INNER))
    for kept in (40, 45, 60):
        assert inside(header(whole), whole[:kept]) is Nothing.CUT
    assert inside(header(whole), whole[:30]) is Nothing.NO_TUNNEL
    hidden = p.ip(*OUTER, bytes(30), protocol=50)
    assert inside(header(hidden), hidden) is Hidden.ESP


def test_the_innermost_header_is_reached_as_far_as_fragments_allow() -> None:
    packet = e.gre(OUTER, e.ipip(OUTER_V6, INNER))
    assert innermost(header(packet), packet).protocol == 6
    later = p.ipv4(*OUTER, INNER, protocol=4, fragment_offset=64)
    assert innermost(header(later), later).protocol == 4


def test_headers_of_links_are_followed_with_their_words() -> None:
    assert follow(VLAN, b"\0\x05\x08\0" + INNER, 0) == (Layer(protocol=IPV4, offset=4, word="vlan 5"), ("vlan 5",))
    assert follow(VLAN, b"\0\x05", 0) is None
    found = follow(VLAN, b"\0\x05\x81\0" * 100, 0)
    assert found is not None
    assert len(found[1]) == 12


@pytest.mark.parametrize(("flags", "size"), [(0, 4), (0x8000, 8), (0x2000, 8), (0x1000, 8), (0xB000, 16)])
def test_each_flag_of_gre_announces_a_field(flags: int, size: int) -> None:
    layer = gre(flags.to_bytes(2) + b"\x65\x58" + bytes(20), 0)
    assert layer is not None
    assert (layer.protocol, layer.offset) == (BRIDGED, size)


def test_pptps_call_is_its_word_and_an_acknowledgement_alone_carries_nothing() -> None:
    packet = e.pptp(OUTER, INNER, call=7)
    assert gre(packet, 20) == Layer(protocol=PPP, offset=32, word="pptp 7")
    assert gre(b"\x20\x81" + packet[22:], 0) is None
    assert gre(packet[:30], 20) is None


def test_a_mirrored_frames_header_may_be_cut() -> None:
    packet = e.erspan(OUTER, p.ethernet(INNER), version=3)
    assert gre(packet[:35], 20) is None
    assert gre(b"\x20\0\x08\0\0\0", 0) is None


@given(st.binary(max_size=80), st.integers(0, 100), st.integers(0, 100))
def test_any_bytes_are_a_tunnel_or_none(data: bytes, offset: int, length: int) -> None:
    for layer in (gre(data, offset), udp_tunnel(data, offset, length)):
        assert layer is None or layer.offset > offset


@given(st.sampled_from([4, 17, 41, 47, 50, 97, 137]), st.binary(max_size=80), st.integers(0, 80))
def test_any_bytes_behind_any_protocol_have_something_inside_or_nothing(number: int, body: bytes, kept: int) -> None:
    packet = p.ip(*OUTER, body, protocol=number)
    ip = header(packet)
    tunnel(ip, packet[:kept])
    assert inside(ip, packet[: max(kept, 20)]) is not None
