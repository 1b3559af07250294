from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.monitor import Monitored, avs, ppi, prism, radiotap
from tests.helpers import encapsulated as e


def test_radiotap_says_how_long_it_is_and_whether_the_header_is_padded() -> None:
    assert radiotap(e.radiotap(b"")) == Monitored(start=8)
    assert radiotap(e.radiotap(b"", flags=0x20)) == Monitored(start=9, padded=True)
    assert radiotap(e.radiotap(b"", flags=0x20, clock=True)) == Monitored(start=17, padded=True)
    assert radiotap(e.radiotap(b"", flags=0x20, clock=True, more_words=2)) == Monitored(start=25, padded=True)


def test_a_frame_that_was_damaged_in_the_air_gives_none() -> None:
    assert radiotap(e.radiotap(b"", flags=0x40)) is None


def test_a_header_that_cannot_be_gives_none() -> None:
    assert radiotap(b"\1" + e.radiotap(b"")[1:]) is None
    assert radiotap(b"\0\0\7\0" + bytes(8)) is None
    assert radiotap(b"\0") is None
    assert avs(bytes(64)) is None
    assert ppi(b"\0\0\7\0\x69\0\0\0") is None
    assert ppi(b"\0") is None


def test_flags_that_were_cut_off_say_nothing() -> None:
    assert radiotap(e.radiotap(b"", flags=0x20)[:8]) == Monitored(start=9)


def test_prisms_header_is_always_as_long_and_may_be_avs() -> None:
    assert prism(e.prism(b"")) == Monitored(start=144)
    assert prism(e.avs(b"")) == avs(e.avs(b"")) == Monitored(start=64)


def test_ppi_names_the_link_type_behind_it() -> None:
    assert ppi(e.ppi(b"", 1)) == Monitored(start=8, link_type=1)


@given(st.sampled_from([radiotap, prism, avs, ppi]), st.binary(max_size=80))
def test_any_bytes_give_a_place_or_none(read: object, data: bytes) -> None:
    assert callable(read)
    found = read(data)
    assert found is None or found.start >= 0


@given(st.binary(max_size=200))
def test_words_of_presence_without_end_end(data: bytes) -> None:
    found = radiotap(b"\0\0\xff\0" + b"\xff" * 120 + data)
    assert found is None or found.start == 255
