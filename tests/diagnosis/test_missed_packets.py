"""Each capture without each one of its packets in turn: what one observer missed, others or the numbers tell."""

from collections.abc import Iterator

import pytest

from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.verdict.standing import Standing
from tests.helpers.causes import CAUSES, FIREWALL, Cause
from tests.helpers.network import Network

WHICH = {
    "bypass_at_a_firewall_that_resets",
    "full_queue_that_empties_in_time",
    "large_upload_dies",
    "long_idle_with_keepalives",
    "name_filter_whose_reset_overtakes_the_answer",
    "program_hangs",
    "ways_differ_and_all_is_well",
}
"""Short conversations in which a single packet decides much."""

VIEWS = (FIREWALL, ("client", "server"), ("client", *FIREWALL, "server"))


def without_each_packet(cause: Cause, view: tuple[str, ...]) -> Iterator[Diagnosis]:
    network = Network(*view)
    cause.script(network)
    whole = {vantage: sorted(frames, key=lambda packet: packet.at) for vantage, frames in network.frames.items()}
    for vantage, frames in whole.items():
        for missed in range(len(frames)):
            network.frames = whole | {vantage: [*frames[:missed], *frames[missed + 1 :]]}
            yield network.diagnose()


@pytest.mark.parametrize("view", VIEWS, ids="+".join)
@pytest.mark.parametrize("cause", [one for one in CAUSES if one.name in WHICH], ids=lambda cause: cause.name)
def test_a_packet_that_one_capture_missed_falsifies_nothing(cause: Cause, view: tuple[str, ...]) -> None:
    fine = {Ruling.HEALTHY, Ruling.UNDETERMINED}
    for diagnosis in without_each_packet(cause, view):
        for target in diagnosis.targets:
            assert target.verdict.theory in {None, cause.truth}
            fallen = [item for item in target.judged if item.standing is Standing.ELIMINATED]
            assert [item.against for item in fallen if item.theory == cause.truth] == []
        if cause.truth == "healthy":
            assert diagnosis.verdict.ruling in fine
        else:
            assert diagnosis.verdict.ruling is not Ruling.HEALTHY
