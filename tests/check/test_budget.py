"""What a check may cost adds up to what its users are promised."""

from bothways.check.budget import BUDGETS, Depth
from bothways.check.course import FAILED_AFTER
from bothways.host.network.attempt import LEAST_WAIT
from bothways.units import seconds


def test_every_depth_holds_a_silence_long_enough_to_call_it_a_failure() -> None:
    assert all(budget.hold > LEAST_WAIT for budget in BUDGETS.values())
    assert all(
        budget.compare >= FAILED_AFTER >= LEAST_WAIT or depth is Depth.QUICK for depth, budget in BUDGETS.items()
    )
    assert all(budget.compare > LEAST_WAIT for budget in BUDGETS.values())


def test_a_failure_is_told_within_six_seconds_or_fifteen() -> None:
    for depth, whole in ((Depth.QUICK, seconds(6)), (Depth.USUAL, seconds(15))):
        budget = BUDGETS[depth]
        assert budget.hold + budget.judge < whole
        # Comparisons begin when it is looked into, and must have failed by then.
        assert budget.look + budget.compare <= budget.hold


def test_a_healthy_target_is_told_within_three_seconds() -> None:
    assert all(BUDGETS[depth].look + BUDGETS[depth].judge < seconds(3) for depth in (Depth.QUICK, Depth.USUAL))


def test_the_more_thorough_the_longer_and_the_more() -> None:
    quick, usual, deep = (BUDGETS[depth] for depth in (Depth.QUICK, Depth.USUAL, Depth.DEEP))
    for one, other in ((quick, usual), (usual, deep)):
        assert one.look < other.look
        assert one.hold < other.hold
        assert one.probes < other.probes
