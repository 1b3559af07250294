import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bothways.connections.join import join, see
from bothways.connections.observer import Place, place_observers
from bothways.connections.outcome import Outcome
from bothways.evidence.case import Role
from tests.helpers.noise import START, VANTAGES, healthy_noise, mixed_with_noise
from tests.helpers.packets import pcap_file
from tests.helpers.readers import survey


def test_every_connection_of_the_noise_is_another_one_and_works_at_every_vantage() -> None:
    noise = healthy_noise(40, seed=3)
    surveys = [survey([pcap_file(noise[name], nanoseconds=True)], file=f"{name}.pcap") for name in VANTAGES]
    observers = place_observers([(one, Role()) for one in surveys])
    assert [one.place for one in observers] == [Place.CLIENT, Place.BETWEEN, Place.BETWEEN, Place.SERVER]
    exchanges = join(observers, [see(one, ()) for one in observers])
    assert Counter(len(exchange.seen) for exchange in exchanges) == {4: 40}
    assert {exchange.outcome for exchange in exchanges} == {Outcome.WORKED}
    assert len({exchange.server.address for exchange in exchanges}) == 4


def test_the_same_seed_gives_the_same_noise_and_another_one_another() -> None:
    assert healthy_noise(5, seed=3) == healthy_noise(5, seed=3) != healthy_noise(5, seed=4)


def test_the_noise_keeps_to_its_time() -> None:
    noise = healthy_noise(50, seed=3, start=START, span=10**9)["client"]
    assert START <= noise[0].at <= noise[-1].at <= START + 10**9
    assert all(one.at <= other.at for one, other in pairwise(noise))


@pytest.mark.parametrize("vantage", ["client", "server"])
def test_a_capture_keeps_all_of_its_own_packets_among_the_noise(vantage: str, tmp_path: Path) -> None:
    case = Path(__file__).parents[1] / "cases" / "asymmetric-bypass"
    original = next(case.glob(f"*/{vantage}.pcap"))
    folder = tmp_path / "evidence"
    shutil.copytree(original.parent, folder)
    before = survey([original.read_bytes()], file="a")
    assert before.rows
    mixed_with_noise(30)(folder, "10.65.238.2")
    after = survey([(folder / original.name).read_bytes()], file="a")
    assert (after.first, after.last) == (before.first, before.last)
    assert len(after.rows) == len(before.rows) + 30
    assert {(row.opener, row.history) for row in before.rows} <= {(row.opener, row.history) for row in after.rows}
    assert not after.problems
