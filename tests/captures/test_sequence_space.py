from hypothesis import given
from hypothesis import strategies as st

from bothways.captures.sequence_space import SequenceSpace, Showing
from bothways.units import MILLISECOND, Instant
from bothways.wire.sequence import advance

starts = st.sampled_from([0, 1000, 2**32 - 50, 2**31 - 50])


def ms(count: float) -> Instant:
    return Instant(round(count * MILLISECOND))


@given(starts)
def test_a_segment_shown_before_is_repeated(start: int) -> None:
    space = SequenceSpace(start)
    assert space.show(start, 100, ms(0)) is Showing.NEW
    assert space.show(start, 100, ms(200)) is Showing.REPEATED
    assert space.show(advance(start, 10), 20, ms(300)) is Showing.REPEATED
    assert space.show(advance(start, 50), 100, ms(400)) is Showing.NEW
    assert space.end == advance(start, 150)


@given(starts)
def test_a_hole_filled_late_was_a_loss_and_filled_soon_was_disorder(start: int) -> None:
    space = SequenceSpace(start)
    for at, seq, expected in [
        (0, 0, Showing.NEW),
        (1, 200, Showing.NEW),
        (3.9, 100, Showing.REORDERED),
        (5, 400, Showing.NEW),
        (8, 300, Showing.REFILLED),
        (9, 300, Showing.REPEATED),
    ]:
        assert space.show(advance(start, seq), 100, ms(at)) is expected


def test_a_hole_may_be_filled_in_parts() -> None:
    space = SequenceSpace(0)
    space.show(300, 100, ms(0))
    assert space.show(100, 100, ms(10)) is Showing.REFILLED
    assert space.show(100, 100, ms(11)) is Showing.REPEATED
    assert space.show(0, 100, ms(12)) is Showing.REFILLED
    assert space.show(150, 150, ms(13)) is Showing.REFILLED
    assert space.show(0, 400, ms(14)) is Showing.REPEATED


def test_an_acknowledgement_beyond_the_end_leaves_a_hole() -> None:
    """Its sender sent bytes that the observer never saw."""
    space = SequenceSpace(0)
    assert space.show(500, 0, ms(0)) is Showing.NEW
    assert space.end == 500
    assert space.show(0, 500, ms(100)) is Showing.REFILLED


def test_bytes_from_before_the_first_that_were_seen_are_not_repeated() -> None:
    space = SequenceSpace(1000)
    space.show(1000, 100, ms(0))
    assert space.show(500, 100, ms(1)) is Showing.NEW
    assert space.show(500, 100, ms(2)) is Showing.REPEATED
    assert space.show(700, 100, ms(3)) is Showing.REORDERED


def test_a_forgotten_hole_makes_no_repeats() -> None:
    space = SequenceSpace(0)
    for number in range(1, 21):
        space.show(number * 200, 100, ms(number))
    assert space.show(100, 100, ms(50)) is not Showing.REPEATED
    assert space.show(3900, 100, ms(50)) is Showing.REFILLED


def test_a_transfer_longer_than_the_sequence_space_makes_no_repeats() -> None:
    space = SequenceSpace(0)
    step = 1 << 20
    for number in range(3 * 4096):
        assert space.show(number * step % 2**32, step, ms(number)) is Showing.NEW
    assert space.show((3 * 4096 - 1) * step % 2**32, step, ms(0)) is Showing.REPEATED


@given(starts, st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 70_000)), max_size=60))
def test_any_segments_leave_few_holes(start: int, segments: list[tuple[int, int]]) -> None:
    space = SequenceSpace(start)
    for at, (seq, count) in enumerate(segments):
        space.show(seq, count, ms(at))
        assert len(space._holes) <= 8


@given(st.lists(st.integers(0, 11), max_size=40), starts)
def test_only_what_was_all_shown_before_is_repeated(blocks: list[int], start: int) -> None:
    """Twelve blocks of ten bytes in any order: few enough for every hole to be remembered."""
    space = SequenceSpace(start)
    shown: set[int] = set()
    for at, block in enumerate(blocks):
        showing = space.show(advance(start, block * 10), 10, ms(at))
        assert (showing is Showing.REPEATED) == (block in shown)
        shown.add(block)
