from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.layer import BRIDGED, IPV4, IPV6, NOTHING_KNOWN, Layer
from bothways.wire.mpls import mpls
from tests.helpers import encapsulated as e
from tests.helpers import packets as p

V4, V6 = p.ipv4("10.0.0.1", "192.0.2.2", b""), p.ipv6("2001:db8::1", "2001:db8::2", b"")


def test_the_first_bits_under_the_stack_tell_what_lies_there() -> None:
    assert mpls(e.mpls(V4, 16), 0) == Layer(protocol=IPV4, offset=4, word="mpls 16")
    assert mpls(e.mpls(V6, 16, 17), 0) == Layer(protocol=IPV6, offset=8, word="mpls 16/17")
    assert mpls(e.mpls(b"\x10\0\0\0" + V4, 16), 0) == Layer(protocol=NOTHING_KNOWN, offset=4, word="mpls 16")


def test_ipv4_with_options_under_labels_is_ipv4() -> None:
    packet = p.ipv4("10.0.0.1", "192.0.2.2", b"", options=b"\x94\x04\0\0")
    assert mpls(e.mpls(packet, 16), 0) == Layer(protocol=IPV4, offset=4, word="mpls 16")


def test_a_bridged_frame_is_told_by_its_ethertype_whatever_its_address_begins_with() -> None:
    for first in (0x00, 0x02, 0x40, 0x46, 0x60, 0xAC):
        frame = bytes([first]) + p.ethernet(V4)[1:]
        assert mpls(e.mpls(frame, 16), 0) == Layer(protocol=BRIDGED, offset=4, word="mpls 16")
        assert mpls(e.mpls(frame, 16, control_word=True), 0) == Layer(protocol=BRIDGED, offset=8, word="mpls 16")
    tagged = p.ethernet(V6, vlans=[(0x8100, 4)])
    assert mpls(e.mpls(tagged, 16), 0) == Layer(protocol=BRIDGED, offset=4, word="mpls 16")


def test_a_stack_that_does_not_end_leads_nowhere() -> None:
    assert mpls(b"\0\x01\0\x3f" * 40, 0) is None
    assert mpls(b"\0\x01\0\x3f", 0) is None
    assert mpls(b"\0\x01", 0) is None


@given(st.binary(max_size=100), st.integers(0, 110))
def test_any_bytes_give_a_layer_or_none(data: bytes, offset: int) -> None:
    layer = mpls(data, offset)
    assert layer is None or offset < layer.offset <= len(data) + 4
