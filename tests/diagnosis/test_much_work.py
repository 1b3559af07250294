"""How often that is done which judging takes: counted, never timed, so that nothing grows faster than the evidence."""

from collections import Counter
from collections.abc import Callable

import pytest

from bothways.connections import join, traits
from bothways.diagnosis import findings, target
from bothways.diagnosis.diagnose import diagnose
from bothways.evidence.endpoint import Endpoint
from bothways.verdict import conclusions
from tests.helpers.network import SERVER, SYNS, Network, Talk, worked

WATCHED = (
    (join, "fate_of", "fates"),
    (traits, "_traits", "connections compared"),
    (findings, "measure", "signatures measured"),
    (target, "measure", "failures measured"),
    (conclusions, "judge", "weighed"),
    (conclusions, "next_questions", "asked"),
)


def _unanswered(talk: Talk) -> None:
    for ms in SYNS:
        talk.there(ms, "S")


def _refused(talk: Talk) -> None:
    talk.there(0, "S")
    talk.back(20, "RA", seq=0, ack=1)


def _work(monkeypatch: pytest.MonkeyPatch, *, each: int, servers: int = 1) -> Counter[str]:
    """What is done to judge so many connections of *each* of three ways to end, to each of so many *servers*."""
    network = Network("client")
    for place in range(servers):
        server = Endpoint(f"192.0.2.{10 + place}", SERVER.port)
        for number in range(each):
            for step, script in enumerate((_unanswered, _refused, worked)):
                script(network.talk(start=(number * 3 + step) * 70_000, server=server))
    case = network.case()
    counts: Counter[str] = Counter()
    with monkeypatch.context() as watched:
        for room, name, label in WATCHED:
            watched.setattr(room, name, _counted(getattr(room, name), label, counts))
        assert len(diagnose(case).targets) == servers
    return counts


def _counted(real: Callable[..., object], label: str, counts: Counter[str]) -> Callable[..., object]:
    def counted(*arguments: object, **named: object) -> object:
        counts[label] += 1
        return real(*arguments, **named)

    return counted


def test_more_connections_that_end_alike_are_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = _work(monkeypatch, each=4), _work(monkeypatch, each=8)
    assert (few["fates"], many["fates"]) == (12, 24)
    assert few["signatures measured"] > 0
    for label in ("signatures measured", "failures measured", "weighed", "asked"):
        assert many[label] == few[label]


def test_comparing_takes_no_more_connections_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traits, "MOST_COMPARED", 3)
    work = _work(monkeypatch, each=8)
    assert 0 < work["connections compared"] <= work["failures measured"] * 2 * 3


def test_targets_that_fail_alike_are_measured_each_and_weighed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = _work(monkeypatch, each=1, servers=3), _work(monkeypatch, each=1, servers=9)
    assert many["failures measured"] == 3 * few["failures measured"]
    assert many["weighed"] == few["weighed"]
    assert many["asked"] == few["asked"]


def test_targets_share_the_allowance_of_signatures_that_are_measured_by_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(findings, "MOST_ALONE", 6)
    assert 0 < _work(monkeypatch, each=1, servers=3)["signatures measured"] <= 6
    assert _work(monkeypatch, each=1, servers=6)["signatures measured"] == 0
