import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.layer import IPV4, IPV6
from bothways.wire.link import LINK_NAMES, link_name, link_receiver, parse_link
from tests.helpers import packets as p

V4 = p.ipv4("10.0.0.1", "192.0.2.2", b"")
V6 = p.ipv6("2001:db8::1", "2001:db8::2", b"")
MAC = "02:00:00:00:00:01"


@pytest.mark.parametrize(
    ("link_type", "frame", "protocol", "offset", "source"),
    [
        (1, p.ethernet(V4), IPV4, 14, MAC),
        (1, p.ethernet(V6), IPV6, 14, MAC),
        (1, p.ethernet(V4, vlans=[(0x8100, 5)]), IPV4, 18, MAC),
        (1, p.ethernet(V6, vlans=[(0x88A8, 5), (0x8100, 6)]), IPV6, 22, MAC),
        (1, p.ethernet(V4, vlans=[(0x9100, 5), (0x9100, 6), (0x8100, 7)]), IPV4, 26, MAC),
        (113, p.cooked_v1(V4), IPV4, 16, MAC),
        (113, p.cooked_v1(V6, source=b""), IPV6, 16, None),
        (276, p.cooked_v2(V4), IPV4, 20, MAC),
        (276, p.cooked_v2(V6, source=b"\1\2\3\4"), IPV6, 20, None),
        (101, V4, IPV4, 0, None),
        (101, V6, IPV6, 0, None),
        (12, V4, IPV4, 0, None),
        (14, V6, IPV6, 0, None),
        (228, V4, IPV4, 0, None),
        (229, V6, IPV6, 0, None),
        (0, p.bsd_loopback(V4), IPV4, 4, None),
        (0, p.bsd_loopback(V6, byte_order=">"), IPV6, 4, None),
        (108, p.bsd_loopback(V4, byte_order=">"), IPV4, 4, None),
    ],
)
def test_every_link_type_leads_to_the_network_header(
    link_type: int, frame: bytes, protocol: int, offset: int, source: str | None
) -> None:
    header = parse_link(link_type, frame)
    assert header is not None
    assert (header.protocol, header.offset, header.source) == (protocol, offset, source)
    assert header.offset + len(V4) <= len(frame)


@pytest.mark.parametrize("family", [10, 24, 28, 30])
def test_each_systems_number_for_ipv6_is_known(family: int) -> None:
    header = parse_link(0, p.bsd_loopback(V6, family=family))
    assert header is not None
    assert header.protocol == IPV6


def test_tags_without_end_lead_nowhere() -> None:
    frame = p.ethernet(V4, vlans=[(0x8100, 1)] * 50)
    header = parse_link(1, frame)
    assert header is not None
    assert header.protocol == 0x8100


def test_a_frame_cut_within_a_tag_has_no_network_header() -> None:
    assert parse_link(1, p.ethernet(V4, vlans=[(0x8100, 1)])[:16]) is None


def test_raw_bytes_of_no_ip_version_are_not_ip() -> None:
    header = parse_link(101, b"\x00")
    assert header is not None
    assert header.protocol not in {IPV4, IPV6}


def test_an_unknown_link_type_is_named_by_its_number() -> None:
    assert parse_link(147, b"x" * 40) is None
    assert link_name(147) == "link type 147"
    assert link_name(1) == "ethernet"


@given(st.sampled_from([*LINK_NAMES, 147]), st.binary(max_size=60))
def test_any_bytes_give_a_header_or_none(link_type: int, data: bytes) -> None:
    header = parse_link(link_type, data)
    assert header is None or 0 <= header.offset <= len(data)


@pytest.mark.parametrize(
    ("link_type", "frame", "receiver"),
    [
        (1, p.ethernet(V4), "02:00:00:00:00:02"),
        (1, p.ethernet(V4)[:13], None),
        (113, p.cooked_v1(V4), None),
        (101, V4, None),
    ],
)
def test_only_ethernet_names_the_receiver_on_the_link(link_type: int, frame: bytes, receiver: str | None) -> None:
    assert link_receiver(link_type, frame) == receiver
