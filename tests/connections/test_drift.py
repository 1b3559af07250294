"""Clocks that are apart, drift, and are set: what the packets of both ways bound."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.connections.clock import ClockOffset, offset_of
from bothways.connections.drift import Sample, pieces
from bothways.units import Duration, Instant
from bothways.way import Way
from tests.helpers.translator import MILLISECOND, NOT_SHRUNK

SECOND = 1000 * MILLISECOND
BEGIN = 1_700_000_000 * SECOND


def crossing(random: Random, *, rate: float = 0, apart: int = 0, span: int = 60, count: int = 60) -> list[Sample]:
    """Packets of both ways over *span* seconds that took 10 ms and up to 3 ms more; the true offset is a line."""
    samples = []
    for number in range(count):
        at = BEGIN + span * SECOND * number // count
        took = (10 + random.random() * 3) * MILLISECOND
        way = Way.THERE if number % 2 else Way.BACK
        true = apart + rate * (at - BEGIN)
        span_seen = true + took if way is Way.THERE else true - took
        samples.append(Sample(order=number, at=Instant(at), apart=Duration(round(span_seen)), way=way))
    return samples


def known(samples: list[Sample]) -> ClockOffset:
    found = offset_of(samples)
    assert found is not None
    return found


@settings(max_examples=25, phases=NOT_SHRUNK, deadline=None)
@given(
    seed=st.integers(0, 1000),
    ppm=st.sampled_from([0, 50, -120, 500, 10_000, -10_000]),
    apart=st.integers(-(10**15), 10**15),
    span=st.sampled_from([30, 600, 3600]),
)
def test_every_moment_is_reckoned_within_the_error_however_the_clocks_drift(
    seed: int, ppm: int, apart: int, span: int
) -> None:
    offset = known(crossing(Random(seed), rate=ppm / 1e6, apart=apart, span=span))
    assert offset.steps == 0
    assert offset.error is not None
    assert offset.error < 25 * MILLISECOND
    for second in range(0, span, max(1, span // 10)):
        moment = Instant(BEGIN + second * SECOND)
        true = moment + apart + ppm / 1e6 * (moment - BEGIN)
        reckoned = offset.downstream(moment)
        assert reckoned.margin == 0 or second == 0
        assert abs(reckoned.at - true) <= offset.error
        assert abs(offset.upstream(reckoned.at).at - moment) <= 2
    if abs(ppm) * span > 20_000:
        assert offset.drift * 1e6 == pytest.approx(ppm, rel=0.2, abs=3e3 / span)


def test_jitter_is_not_drift() -> None:
    assert all(known(crossing(Random(seed), count=40)).drift == 0 for seed in range(20))


@settings(max_examples=25, phases=NOT_SHRUNK, deadline=None)
@given(seed=st.integers(0, 1000), jump=st.sampled_from([-3600, -2, 0.2, 5, 3600]))
def test_a_clock_that_was_set_makes_two_pieces_and_what_lies_between_is_unsure(seed: int, jump: float) -> None:
    random = Random(seed)
    before = crossing(random)
    after = [
        Sample(
            order=sample.order + 100,
            at=Instant(sample.at + 70 * SECOND),
            apart=Duration(sample.apart + round(jump * SECOND)),
            way=sample.way,
        )
        for sample in crossing(random)
    ]
    offset = known([*before, *after])
    assert offset.steps == 1
    early, late = Instant(BEGIN + 20 * SECOND), Instant(BEGIN + 90 * SECOND)
    assert abs(offset.downstream(early).at - early) < 25 * MILLISECOND
    assert abs(offset.downstream(late).at - late - round(jump * SECOND)) < 25 * MILLISECOND
    assert offset.downstream(Instant(BEGIN + 65 * SECOND)).margin is None
    assert offset.downstream(early).margin == 0


def test_an_upstream_clock_that_runs_back_leaves_the_time_that_it_had_twice_unsure() -> None:
    before = crossing(Random(1))
    after = [
        Sample(
            order=sample.order + 100,
            at=Instant(sample.at + 30 * SECOND),
            apart=Duration(sample.apart + 30 * SECOND),
            way=sample.way,
        )
        for sample in crossing(Random(2))
    ]
    offset = known([*before, *after])
    assert offset.steps == 1
    assert offset.downstream(Instant(BEGIN + 45 * SECOND)).margin is None
    assert offset.downstream(Instant(BEGIN + 15 * SECOND)).margin == 0


def test_far_from_all_packets_an_ordinary_clock_may_have_drifted() -> None:
    offset = known(crossing(Random(1)))
    margin = offset.downstream(Instant(BEGIN + 3600 * SECOND)).margin
    assert margin is not None
    assert 600 * MILLISECOND < margin < 800 * MILLISECOND


def test_one_mistaken_packet_among_many_sets_no_clock() -> None:
    samples = crossing(Random(1))
    wrong = Sample(order=30, at=samples[30].at, apart=Duration(-2 * SECOND), way=Way.THERE)
    offset = known([*samples, wrong])
    assert offset.steps == 0
    assert abs(offset.offset) < 25 * MILLISECOND


def test_one_way_alone_shows_a_jump_that_no_queue_explains() -> None:
    there = [sample for sample in crossing(Random(1)) if sample.way is Way.THERE]
    late = [
        Sample(order=sample.order, at=sample.at, way=sample.way, apart=Duration(sample.apart + 60 * SECOND))
        if sample.order > 30
        else sample
        for sample in there
    ]
    assert len(pieces(there)) == 1
    assert len(pieces(late)) == 2
    assert known(there).error is None


def test_no_packets_bound_nothing() -> None:
    assert pieces([]) == ()
    assert offset_of([]) is None


def test_what_is_said_of_two_clocks() -> None:
    drifting = known(crossing(Random(1), rate=120e-6, apart=187 * SECOND, span=3600))
    assert drifting.says() == "3 min 7 s apart, drifting by 120 ppm"
    level = [Sample(order=0, at=Instant(BEGIN), apart=Duration(4 * MILLISECOND), way=Way.THERE)]
    assert known(level).says() == "4 ms apart"
