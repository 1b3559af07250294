import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.wire.tcp import NO_OPTIONS, TcpOptions, option_name, parse_options, parse_tcp
from tests.helpers import packets as p

SYN_OPTIONS = [p.mss(1460), p.sack_permitted(), p.timestamps(7, 9), p.nop(), p.window_scale(10)]


def options(*listed: bytes, kept: int | None = None) -> TcpOptions:
    data = b"".join(listed)
    return parse_options(data[:kept], 0, len(data))


def test_a_header_is_read() -> None:
    segment = p.tcp(40_000, 443, seq=2**32 - 1, ack=5, flags="SAEC", window=1000, payload=b"abc")
    header = parse_tcp(segment, 0, len(segment))
    assert header is not None
    assert (header.source_port, header.destination_port) == (40_000, 443)
    assert (header.seq, header.ack, header.flags, header.window) == (2**32 - 1, 5, 0xD2, 1000)
    assert (header.header_length, header.options) == (20, NO_OPTIONS)


def test_the_options_of_a_syn_are_read() -> None:
    assert options(*SYN_OPTIONS) == TcpOptions(mss=1460, window_scale=10, sack_permitted=True, ts_value=7, ts_echo=9)


def test_the_usual_timestamps_are_read_as_any_other_layout() -> None:
    assert options(p.nop(), p.nop(), p.timestamps(1, 2)) == options(p.timestamps(1, 2), p.nop(), p.nop())


def test_sack_blocks_are_pairs_of_edges() -> None:
    read = options(p.nop(), p.nop(), p.sack((10, 20), (2**32 - 5, 4)))
    assert read.sack_blocks == ((10, 20), (2**32 - 5, 4))


def test_half_a_sack_block_is_left_out() -> None:
    assert options(b"\x05\x0e" + bytes(12)).sack_blocks == ((0, 0),)


@pytest.mark.parametrize("bad", [b"\x08\x00", b"\x08\x01", b"\x08\x28", b"\x08"])
def test_an_impossible_length_ends_the_list_and_keeps_what_came_before(bad: bytes) -> None:
    assert options(p.mss(1200), bad) == TcpOptions(mss=1200)


def test_an_option_of_the_wrong_length_is_stepped_over() -> None:
    assert options(b"\x02\x03\x05", p.window_scale(3)) == TcpOptions(window_scale=3)


def test_of_other_options_kind_and_length_are_told() -> None:
    others = ((253, 4), (34, 2), (77, 3))
    assert options(b"\xfd\x04ab", p.mss(536), b"\x22\x02", b"\x4d\x03x") == TcpOptions(mss=536, others=others)
    assert [option_name(kind) for kind, _ in others] == ["an experiment (253)", "Fast Open", "option 77"]


def test_nothing_is_read_behind_the_end_of_the_list() -> None:
    assert options(b"\0", p.mss(1460)) == TcpOptions()


@pytest.mark.parametrize("kept", range(20))
def test_what_the_snap_length_cut_off_is_cut_and_not_absent(kept: int) -> None:
    assert options(*SYN_OPTIONS, kept=kept).cut


def test_a_list_that_ends_before_the_cut_is_whole() -> None:
    assert not options(p.mss(1460), b"\0", bytes(7), kept=5).cut


@pytest.mark.parametrize("words", [0, 4, 15])
def test_a_header_length_that_cannot_be_is_no_header(words: int) -> None:
    segment = p.tcp(1, 2, header_words=words, payload=b"abc")
    assert parse_tcp(segment, 0, len(segment)) is None


def test_a_header_cut_within_its_fixed_part_is_no_header() -> None:
    assert parse_tcp(p.tcp(1, 2)[:19], 0, 20) is None


@given(st.binary(max_size=80), st.integers(0, 90), st.integers(0, 70_000))
def test_any_bytes_give_a_header_or_none(data: bytes, offset: int, length: int) -> None:
    header = parse_tcp(data, offset, length)
    assert header is None or header.header_length <= length


@given(st.binary(max_size=60), st.integers(0, 60))
def test_any_bytes_give_options(data: bytes, more: int) -> None:
    assert isinstance(parse_options(data, 0, len(data) + more), TcpOptions)
