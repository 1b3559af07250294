import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.ethernet import ethernet, ethertype_at, llc, macsec, vlan
from bothways.wire.layer import IPV4, IPV6, Hidden, Layer
from tests.helpers import encapsulated as e
from tests.helpers import packets as p

V4 = p.ipv4("10.0.0.1", "192.0.2.2", b"")


def test_a_tag_names_its_vlan_unless_it_only_sets_a_priority() -> None:
    assert vlan(b"\x60\x0c\x08\0", 0) == Layer(protocol=IPV4, offset=4, word="vlan 12")
    assert vlan(b"\x60\x00\x08\0", 0) == Layer(protocol=IPV4, offset=4)
    assert vlan(b"\x60\x0c\x08", 0) is None


def test_snap_leads_to_an_ethertype_and_nothing_else_of_llc_does() -> None:
    assert llc(e.llc_snap(V4), 0) == Layer(protocol=IPV4, offset=8)
    assert llc(b"\xaa\xaa\x03\0\0\xf8\x86\xdd", 0) == Layer(protocol=IPV6, offset=8)
    assert llc(b"\x06\x06\x03" + V4, 0) == Layer(protocol=IPV4, offset=3)
    for other in (b"\x42\x42\x03\0\0\0\x08\0", b"\xaa\xaa\x03\0\0\x0c\x20\0", b"\xaa\xaa\x03\0\0\0\x08"):
        assert llc(other, 0) is None
    assert llc(b"\xaa\xaa\x03\0\0\0\0\0", 0) is None


@pytest.mark.parametrize(("with_sender", "start"), [(True, 14), (False, 6)])
def test_macsec_hides_only_what_it_encrypts(start: int, *, with_sender: bool) -> None:
    clear = e.macsec(V4, encrypted=False, with_sender=with_sender)
    assert macsec(clear, 0) == Layer(protocol=IPV4, offset=start + 2, word="macsec")
    hidden = macsec(e.macsec(V4, encrypted=True), 0)
    assert hidden is not None
    assert hidden.protocol is Hidden.MACSEC
    assert macsec(clear[: start + 1], 0) is None
    assert macsec(b"", 0) is None


def test_a_frame_inside_is_stepped_over() -> None:
    assert ethernet(p.ethernet(V4), 0) == Layer(protocol=IPV4, offset=14)
    assert ethernet(p.ethernet(V4)[:13], 0) is None
    assert ethertype_at(b"\x08", 0) is None


@given(st.sampled_from([ethernet, vlan, llc, macsec]), st.binary(max_size=40), st.integers(0, 50))
def test_any_bytes_give_a_layer_or_none(step: object, data: bytes, offset: int) -> None:
    assert callable(step)
    layer = step(data, offset)
    assert layer is None or layer.offset >= offset
