from bothways.captures.timeline import Timeline
from bothways.units import SECOND, Instant


def passed(*seconds: float) -> Timeline:
    timeline = Timeline()
    for moment in seconds:
        timeline.pass_by(Instant(round(moment * SECOND)))
    return timeline


def test_a_capture_without_packets_has_no_times() -> None:
    timeline = passed()
    assert (timeline.first, timeline.last, timeline.final, timeline.silent_from) == (None, None, None, None)


def test_packets_slightly_out_of_order_are_disorder_and_no_step_of_the_clock() -> None:
    timeline = passed(10, 11, 10.5, 12)
    assert (timeline.disordered, timeline.steps_back) == (1, 0)
    assert (timeline.first, timeline.last, timeline.final) == (10 * SECOND, 12 * SECOND, 12 * SECOND)


def test_a_clock_that_is_set_back_makes_a_step_and_the_final_packet_is_not_the_latest() -> None:
    timeline = passed(10, 100, 70, 71, 69)
    assert (timeline.steps_back, timeline.furthest_back, timeline.disordered) == (2, 30 * SECOND, 0)
    assert (timeline.last, timeline.final) == (100 * SECOND, 69 * SECOND)


def test_the_longest_silence_is_known_with_its_beginning() -> None:
    timeline = passed(1, 2, 9, 11, 15)
    assert (timeline.longest_silence, timeline.silent_from) == (7 * SECOND, 2 * SECOND)
