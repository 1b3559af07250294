"""Which frame leaves a wire when, which is lost, which overtakes: told by numbers alone."""

from collections.abc import Sequence
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.lab.wires.schedule import Schedule, Treatment
from tests.helpers.packets import ethernet, ipv4

ARP = 0x0806
MS = 1_000_000


def frame(number: int, size: int = 100, *, protocol: int | None = None) -> bytes:
    return ethernet(ipv4("10.0.0.1", "10.0.0.2", number.to_bytes(4), protocol=17), protocol=protocol).ljust(size, b"\0")


def number_of(sent: bytes) -> int:
    return int.from_bytes(sent[34:38])


chances = st.sampled_from([0.0, 0.1, 0.5, 1.0])
treatments = st.builds(
    Treatment,
    latency_ns=st.sampled_from([0, 1, 5 * MS]),
    loss=chances,
    reorder=chances,
    duplicate=chances,
    rate_kbit=st.sampled_from([None, 1, 777, 10_000]),
    queue=st.integers(0, 5),
)
arrivals = st.lists(st.tuples(st.integers(0, 3 * MS), st.integers(60, 1514)), max_size=40)
"""Nanoseconds after the frame before, bytes."""


def passed(schedule: Schedule, coming: Sequence[tuple[int, int]]) -> list[tuple[int, bytes]]:
    """What leaves, when, if somebody looks exactly when something is due."""
    gone: list[tuple[int, bytes]] = []

    def look(until: float) -> None:
        while (due := schedule.next_at()) is not None and due <= until:
            gone.extend((due, sent) for sent in schedule.due(due))

    now = 0
    for number, (gap, size) in enumerate(coming):
        now += gap
        look(now - 1)
        schedule.take(frame(number, size), now)
    look(float("inf"))
    return gone


def times(coming: Sequence[tuple[int, int]]) -> list[int]:
    return [sum(gap for gap, _ in coming[: index + 1]) for index in range(len(coming))]


@given(treatments, arrivals)
def test_every_frame_is_accounted_for(treatment: Treatment, coming: list[tuple[int, int]]) -> None:
    schedule = Schedule(treatment, "seed")
    gone = passed(schedule, coming)
    assert len(gone) == schedule.given
    assert sum(len(sent) for _, sent in gone) == schedule.given_bytes
    assert schedule.taken == len(coming)
    assert len(schedule) == 0
    assert schedule.taken + schedule.duplicated == schedule.given + schedule.lost + schedule.overflowed


@given(treatments, arrivals)
def test_nothing_is_made_up_and_only_twins_come_twice(treatment: Treatment, coming: list[tuple[int, int]]) -> None:
    schedule = Schedule(treatment, "seed")
    sent = [number_of(each) for _, each in passed(schedule, coming)]
    assert len(sent) - len(set(sent)) <= schedule.duplicated
    assert all(sent.count(number) <= 2 for number in sent)


@given(treatments, arrivals)
def test_order_is_kept_where_nothing_may_overtake(treatment: Treatment, coming: list[tuple[int, int]]) -> None:
    sent = [number_of(each) for _, each in passed(Schedule(treatment._replace(reorder=0.0), "seed"), coming)]
    assert sent == sorted(sent)


@given(treatments, arrivals)
def test_no_frame_is_faster_than_the_latency(treatment: Treatment, coming: list[tuple[int, int]]) -> None:
    came = times(coming)
    for at, sent in passed(Schedule(treatment._replace(reorder=0.0), "seed"), coming):
        assert at >= came[number_of(sent)] + treatment.latency_ns


@given(st.integers(0, 100 * MS), arrivals)
def test_a_wire_with_latency_alone_gives_every_frame_exactly_that(latency: int, coming: list[tuple[int, int]]) -> None:
    gone = passed(Schedule(Treatment(latency_ns=latency), "seed"), coming)
    assert [(at, number_of(sent)) for at, sent in gone] == [
        (at + latency, number) for number, at in enumerate(times(coming))
    ]


@given(treatments, st.integers(1, 100_000), arrivals)
def test_the_rate_is_never_exceeded(treatment: Treatment, rate: int, coming: list[tuple[int, int]]) -> None:
    """From the end of one frame to the end of a later one, no more passes than the rate allows."""
    gone = passed(Schedule(treatment._replace(reorder=0.0, rate_kbit=rate), "seed"), coming)
    for first in range(len(gone)):
        bits = 0
        for at, sent in gone[first + 1 :]:
            bits += 8 * len(sent)
            assert bits * 1_000_000 <= (at - gone[first][0]) * rate


@given(arrivals)
def test_a_wire_with_a_rate_is_as_fast_as_the_rate_lets_it_be(coming: list[tuple[int, int]]) -> None:
    gone = passed(Schedule(Treatment(rate_kbit=8_000, queue=len(coming)), "seed"), coming)  # 1,000 ns a byte
    end = 0
    for (at, sent), came in zip(gone, times(coming), strict=True):
        end = max(end, came) + 1000 * len(sent)
        assert at == end


@given(st.integers(0, 20), st.integers(1, 40))
def test_a_burst_fills_the_queue_and_no_more(queue: int, burst: int) -> None:
    """One frame is being sent, `queue` wait, the rest is lost; as soon as one more has begun, one more may wait."""
    schedule = Schedule(Treatment(rate_kbit=8_000, queue=queue), "seed")
    for number in range(burst):
        schedule.take(frame(number), 0)
    assert schedule.overflowed == max(burst - queue - 1, 0)
    before = schedule.overflowed
    schedule.take(frame(burst), 100_000)  # a frame of 100 bytes has left
    assert schedule.overflowed == before


@given(st.sampled_from([0.01, 0.1, 0.5, 0.9]), st.integers(0, 2**32))
def test_about_as_many_are_lost_as_told(loss: float, seed: int) -> None:
    schedule = Schedule(Treatment(loss=loss), str(seed))
    for number in range(1000):
        schedule.take(frame(number), number)
    assert abs(schedule.lost - 1000 * loss) < 6 * sqrt(1000 * loss * (1 - loss))


@given(treatments, arrivals, arrivals)
def test_the_nth_frame_meets_the_same_fate_at_any_speed(
    treatment: Treatment, coming: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    """Where no queue overflows, chance alone decides, and chance counts frames."""
    fates = []
    for gaps in (coming, [(gap, size) for (gap, _), (_, size) in zip(others, coming, strict=False)]):
        schedule = Schedule(treatment._replace(queue=1000), "seed")
        fates.append([number_of(sent) for _, sent in passed(schedule, gaps)])
    shorter = min(len(coming), len(others))
    first, second = (sorted(number for number in fate if number < shorter) for fate in fates)
    assert first == second


def test_another_seed_decides_otherwise() -> None:
    fates = []
    for seed in ("one", "other", "one"):
        schedule = Schedule(Treatment(loss=0.5), seed)
        fates.append([number_of(sent) for _, sent in passed(schedule, [(0, 100)] * 64)])
    assert fates[0] == fates[2] != fates[1]


def test_neighbours_find_each_other_through_the_worst_of_wires() -> None:
    schedule = Schedule(Treatment(loss=1.0, duplicate=1.0, rate_kbit=1, queue=0), "seed")
    for number in range(5):
        schedule.take(frame(number, protocol=ARP), 0)
    assert len(schedule) == 5


def test_what_overtakes_leaves_at_once_and_before_those_that_wait() -> None:
    schedule = Schedule(Treatment(latency_ns=10 * MS, reorder=0.5), "seed")
    for number in range(100):
        schedule.take(frame(number), number)
    early = [number_of(sent) for sent in schedule.due(100)]
    late = [number_of(sent) for sent in schedule.due(10 * MS + 100)]
    assert len(early) == schedule.overtaking
    assert 25 < len(early) < 75
    assert early == sorted(early)
    assert sorted(early + late) == list(range(100))


def test_a_look_that_comes_late_keeps_the_order_in_which_frames_were_due() -> None:
    schedule = Schedule(Treatment(latency_ns=10, reorder=0.5), "seed")
    for number in range(64):
        schedule.take(frame(number), number * 100)  # every frame is due before the next comes, ahead or not
    assert [number_of(sent) for sent in schedule.due(10_000)] == list(range(64))


def test_a_frame_that_overtakes_takes_its_turn_at_the_rate() -> None:
    schedule = Schedule(Treatment(latency_ns=10 * MS, reorder=1.0, rate_kbit=8_000), "seed")
    schedule.take(frame(0), 0)
    schedule.take(frame(1), 0)
    assert [number_of(sent) for sent in schedule.due(100_000)] == [0]
    assert [number_of(sent) for sent in schedule.due(200_000)] == [1]


def test_what_a_box_on_the_wire_sends_is_not_lost_and_follows_what_has_passed_it() -> None:
    schedule = Schedule(Treatment(latency_ns=10 * MS, rate_kbit=8_000), "seed")
    schedule.take(frame(0), 0)
    schedule.inject(frame(1), 0, at_once=False)
    schedule.inject(frame(2), 5, at_once=True)
    assert [number_of(sent) for sent in schedule.due(5)] == [2]
    assert [number_of(sent) for sent in schedule.due(11 * MS)] == [0, 1]
    assert schedule.injected == 2


@pytest.mark.parametrize(("share", "burst"), [(0.05, 2.0), (0.2, 4.0), (0.5, 8.0)])
def test_losses_in_bursts_are_as_many_as_told_and_in_a_row(share: float, burst: float) -> None:
    schedule = Schedule(Treatment(loss=share, burst=burst), "bursts")
    fates = []
    for number in range(4000):
        before = schedule.lost
        schedule.take(frame(number), 0)
        fates.append(schedule.lost > before)
    runs = sum(lost and not earlier for earlier, lost in zip([False, *fates], fates, strict=False))
    assert 0.5 * share < sum(fates) / len(fates) < 1.6 * share
    assert 0.6 * burst < sum(fates) / max(runs, 1) < 1.6 * burst
