from collections.abc import Iterable

from bothways.facts.fate_by_port import ByPort, fate_by_port
from bothways.unknown import Unknown
from tests.helpers.network import Network, worked

GOOD, BAD = (41_001, 41_002, 41_003, 41_004), (42_001, 42_002, 42_003, 42_004)


def tried(*rounds: Iterable[tuple[int, bool]]) -> object:
    """The answer for some ports, round after round, each with whether it works."""
    network = Network("client")
    for number, ports in enumerate(rounds):
        for place, (port, works) in enumerate(ports):
            talk = network.talk(port=port, start=number * 200_000 + place * 50)
            if works:
                worked(talk)
            else:
                for ms in (0, 1000, 3000):
                    talk.there(ms, "S")
    network.idle(len(rounds) * 200_000)
    return fate_by_port(network.subject(connections=network.exchanges())).answer


def ports(*, swapped: bool = False) -> list[tuple[int, bool]]:
    return [(port, not swapped) for port in GOOD] + [(port, swapped) for port in BAD]


def test_ports_that_fare_alike_again_and_again_are_told() -> None:
    assert tried(ports(), ports()) is ByPort.SAME_PORTS


def test_a_port_that_failed_and_worked_is_mixed() -> None:
    assert tried(ports(), ports(swapped=True)) is ByPort.MIXED


def test_once_each_tells_only_that_some_fail() -> None:
    assert tried(ports()) is ByPort.SOME_FAIL


def test_two_ports_of_each_sort_can_be_chance() -> None:
    few = [(GOOD[0], True), (BAD[0], False)]
    assert tried(few, few) is ByPort.SOME_FAIL


def test_all_can_fail() -> None:
    assert tried([(port, False) for port in BAD]) is ByPort.ALL_FAIL


def test_two_connections_are_too_few() -> None:
    assert isinstance(tried([(GOOD[0], True), (BAD[0], False)]), Unknown)
