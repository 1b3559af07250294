"""truth.json: what it says, in which order, and what it leaves out."""

import json
import os
from pathlib import Path

import pytest

from bothways.lab.model.network import Network
from bothways.lab.model.scenario import Capture, PathReport, Scenario, Sign, Truth, Where
from bothways.lab.model.traffic import Visit
from bothways.lab.witnesses import truth
from bothways.lab.witnesses.signs import Observed
from bothways.lab.witnesses.versions import versions

EMPTY = Network(nodes=[], links=[])
TOLD = Truth(
    theory="asymmetric-bypass",
    says="replies skip the firewall",
    client="192.0.2.1",
    server="192.0.2.18",
    port=443,
    name="www.little.example",
    control="192.0.2.19",
    firewall=["192.0.2.2", "192.0.2.17"],
    answer="silent",
    where=Where(way="back", between=["server", "client"], addresses=["192.0.2.18", "192.0.2.1"]),
)
SCENARIO = Scenario(name="bypass", network=EMPTY, truth=TOLD, seed=7, parameters={"ip": "4", "answer": "drop"})
OBSERVED = Observed(
    sign=Sign(says="ACKs are dropped", match="tcp", capture="client"), count=9, how="tcpdump, client.pcap: tcp"
)
KEYS = [
    "scenario",
    "theory",
    "says",
    "client",
    "server",
    "port",
    "name",
    "control",
    "firewall",
    "answer",
    "where",
    "observed",
    "seed",
    "parameters",
    "mended",
    "kernel",
    "programs",
]


@pytest.fixture(autouse=True)
def known_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth, "versions", lambda _: {"tcpdump": "4.99.3"})


def test_the_truth_of_a_run_is_told_in_a_fixed_order(tmp_path: Path) -> None:
    truth.write(SCENARIO, [OBSERVED], tmp_path)
    told = json.loads((tmp_path / "truth.json").read_text())
    assert list(told) == KEYS
    assert told["where"] == {"way": "back", "between": ["server", "client"], "addresses": ["192.0.2.18", "192.0.2.1"]}
    assert told["observed"] == [{"says": "ACKs are dropped", "count": 9, "how": "tcpdump, client.pcap: tcp"}]
    assert list(told["parameters"].items()) == [("answer", "drop"), ("ip", "4")]
    assert (told["seed"], told["mended"], told["answer"]) == (7, False, "silent")
    assert (told["kernel"], told["programs"]) == (os.uname().release, {"tcpdump": "4.99.3"})
    assert {key: told[key] for key in KEYS[1:9]} == {key: getattr(TOLD, key) for key in KEYS[1:9]}


def test_where_nothing_is_dropped_there_is_no_answer() -> None:
    healthy = Truth(theory="healthy", says="nothing is wrong", client="192.0.2.1", server="192.0.2.18", port=443)
    told = truth.truth(Scenario(name="fine", network=EMPTY, truth=healthy, mended=True), [])
    assert list(told) == [key for key in KEYS if key != "answer"]
    assert (told["where"], told["control"], told["mended"]) == (None, None, True)


def test_a_scenario_without_truth_claims_none() -> None:
    told = truth.truth(Scenario(name="own", network=EMPTY), [OBSERVED])
    assert list(told) == ["scenario", *KEYS[KEYS.index("observed") :]]


@pytest.mark.lab
def test_the_programs_that_took_part_are_told_with_their_versions() -> None:
    assert list(versions(Scenario(name="bare", network=EMPTY))) == ["ip"]
    whole = Scenario(
        name="whole",
        network=EMPTY,
        captures=[Capture(name="client", node="client", interface="eth0")],
        paths=[
            PathReport(file="outbound.mtr.txt", tool="mtr", node="client", to="192.0.2.1"),
            PathReport(
                file="outbound.tcp-traceroute.txt", tool="tcp-traceroute", node="client", to="192.0.2.1", port=1
            ),
        ],
        visits=[Visit(node="client", to="192.0.2.1", port=80)],
        state=["firewall"],
        counters=["client"],
    )
    told = versions(whole)
    assert list(told) == ["conntrack", "curl", "ip", "mtr", "nft", "nstat", "ss", "tcpdump", "traceroute"]
    assert all(version[0].isdecimal() for version in told.values())
