from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.layer import IPV4, IPV6, NOTHING_KNOWN, PPP, Hidden, Layer
from bothways.wire.ppp import cisco, ppp, ppp_or_cisco, pppoe
from tests.helpers import encapsulated as e
from tests.helpers import packets as p

V4, V6 = p.ipv4("10.0.0.1", "192.0.2.2", b""), p.ipv6("2001:db8::1", "2001:db8::2", b"")


def test_address_control_and_half_of_the_protocol_may_be_left_out() -> None:
    assert ppp(e.ppp(V4), 0) == Layer(protocol=IPV4, offset=2)
    assert ppp(e.ppp(V6, address=True), 0) == Layer(protocol=IPV6, offset=4)
    assert ppp(e.ppp(V4, address=True, short=True), 0) == Layer(protocol=IPV4, offset=3)
    assert ppp(e.ppp(V4, short=True), 0) == Layer(protocol=IPV4, offset=1)


def test_what_is_compressed_is_hidden_and_the_rest_unknown() -> None:
    assert ppp(b"\x00\xfd1234", 0) == Layer(protocol=Hidden.PPP, offset=2)
    assert ppp(b"\xc0\x21\1\1", 0) == Layer(protocol=NOTHING_KNOWN, offset=2)
    assert ppp(b"\xff\x03", 0) is None
    assert ppp(b"\x00", 0) is None


def test_a_serial_lines_first_byte_tells_ciscos_framing() -> None:
    assert ppp_or_cisco(e.cisco_hdlc(V6), 0) == Layer(protocol=IPV6, offset=4)
    assert ppp_or_cisco(e.ppp(V4, address=True), 0) == Layer(protocol=IPV4, offset=4)
    assert cisco(b"\x0e\0\x08\0", 0) is None
    assert cisco(b"\x0f\0\x08", 0) is None


def test_a_session_is_named_and_discovery_is_none() -> None:
    frame = e.pppoe(V4, 4711)
    assert pppoe(frame, 0) == Layer(protocol=PPP, offset=6, word="pppoe 4711")
    assert pppoe(b"\x11\x09" + frame[2:], 0) is None
    assert pppoe(b"\x12" + frame[1:], 0) is None
    assert pppoe(frame[:5], 0) is None


@given(st.sampled_from([ppp, ppp_or_cisco, cisco, pppoe]), st.binary(max_size=20), st.integers(0, 30))
def test_any_bytes_give_a_layer_or_none(step: object, data: bytes, offset: int) -> None:
    assert callable(step)
    layer = step(data, offset)
    assert layer is None or offset < layer.offset <= len(data)
