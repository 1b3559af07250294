"""A program that accepts too few connections, and what its kernel does about it."""

import re
from pathlib import Path

import pytest

from bothways.lab.box.build import build
from bothways.lab.model.network import End, Link, Network, Node, Quality
from bothways.lab.model.traffic import Service
from bothways.lab.traffic.services import Services
from bothways.lab.traffic.visits import Visits
from bothways.lab.world import nodes
from tests.helpers.world import inside
from tests.lab.traffic.pair import CLIENT, SERVER, connect, pay, visit

pytestmark = pytest.mark.lab

BUSY = [Service(node="server", port=80, speaks="busy", backlog=5)]
ROOM = 6  # the kernel lets one more wait than the backlog says
WAITING, BURST = 3, 12


def counters() -> dict[str, int]:
    """What the server's kernel has counted (nstat(8))."""
    said = nodes.run("server", "nstat", "-asz").stdout
    return {name: int(value) for name, value in re.findall(r"^(\w+) +(\d+) ", said, re.MULTILINE)}


def test_a_full_queue_ignores_the_syn(tmp_path: Path) -> None:
    visits = [visit("hold", count=ROOM), visit("ask", count=2, step=2, patience_s=0.5)]

    def life() -> None:
        connect()
        with Services.open(BUSY, tmp_path):
            outcomes = pay(visits, tmp_path)
        assert [one.ended for one in outcomes] == ["done"] * ROOM + ["timed out"] * 2
        assert [one.connected for one in outcomes] == [True] * ROOM + [False] * 2

    inside(life)


@pytest.mark.parametrize("cookies", [0, 2])
def test_a_burst_fills_the_queue_while_handshakes_are_under_way(tmp_path: Path, cookies: int) -> None:
    slow = Quality(latency_ms=10)
    network = Network(
        nodes=[Node(name="client"), Node(name="server", settings={"net.ipv4.tcp_syncookies": cookies})],
        links=[
            Link(
                a=End(node="client", interface="eth0", addresses=[f"{CLIENT}/28"]),
                b=End(node="server", interface="eth0", addresses=[f"{SERVER}/28"]),
                there=slow,
                back=slow,
            )
        ],
    )

    def life() -> None:
        box = build(network, 1)
        scene = [visit("hold", count=WAITING), visit("ask", count=BURST, step=2, patience_s=2.5)]
        with Services.open(BUSY, tmp_path), Visits.start(scene, logs=tmp_path, work=tmp_path) as visits:
            assert visits.hanging()
            counted = counters()
            assert f" {ROOM} " in nodes.run("server", "ss", "-Hltn").stdout
            assert visits.wait(30)
            burst = [one for one in visits.outcomes() if one.visit.does == "ask"]
        assert {one.ended for one in burst} == {"timed out"}
        ignored = WAITING + sum(one.connected for one in burst) - ROOM
        assert ignored > 0
        assert counted["TcpExtListenOverflows"] >= ignored
        if cookies:
            # Whoever has a cookie is not remembered: nothing is said again.
            assert all(one.connected for one in burst)
            assert counted["TcpExtSyncookiesSent"] == WAITING + BURST
            assert counted["TcpRetransSegs"] == 0
        else:
            assert counted["TcpExtSyncookiesSent"] == 0
            assert counted["TcpRetransSegs"] >= ignored
        box.end_wires()

    inside(life)
