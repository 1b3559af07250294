"""What ss, nstat and ip are asked, and that it is there to be found."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bothways.lab.witnesses import hosts, routers
from bothways.lab.world.nodes import run
from bothways.lab.world.waiting import until
from tests.lab.witnesses.little import SERVERS, connection, knock, listening, network, running

pytestmark = pytest.mark.lab

NO_ANSWER = """
table inet filter {
    chain forward {
        type filter hook forward priority filter; policy accept;
        tcp sport 81 counter drop
    }
}
"""


def _states(file: Path) -> list[str]:
    return re.findall(r"^([A-Z-]+) ", file.read_text(), re.MULTILINE)


def test_half_open_and_open_connections_are_listed_at_both_ends_with_what_the_kernel_knows_of_them() -> None:
    def life(folder: Path) -> None:
        with listening(port=81), listening() as listener, connection(), listener.accept()[0], knock(81):
            until(lambda: "SYN-RECV" in run("server", "ss", "-tan").stdout, "the SYN to arrive")
            hosts.ask(["client", "server"], folder)
        assert sorted(_states(folder / "client.ss.txt")) == ["ESTAB", "SYN-SENT"]
        assert sorted(_states(folder / "server.ss.txt")) == ["ESTAB", "SYN-RECV"]
        assert "mss:1448" in (folder / "client.ss.txt").read_text()
        listed = (folder / "server.ss-listening.txt").read_text()
        assert re.search(rf"^LISTEN\s+0\s+100\s+{SERVERS[0]}:80\s", listed, re.MULTILINE)
        assert _states(folder / "client.ss-listening.txt") == []

    running(life, network(NO_ANSWER))


def test_counters_are_those_of_the_node_since_it_began_and_zeros_too() -> None:
    # nstat keeps what it has told in this file unless told not to, and would tell the difference the next time.
    history = Path("/tmp/.nstat.u0")  # noqa: S108 - nstat's choice

    def life(folder: Path) -> None:
        kept = history.stat().st_mtime_ns if history.exists() else None
        with listening() as listener:
            for number in (1, 2):
                with connection(), listener.accept()[0]:
                    pass
                again = folder / str(number)
                again.mkdir()
                hosts.ask(["client", "server"], again)
        counters = {node: _counters(folder / "2" / f"{node}.nstat.txt") for node in ("client", "server")}
        assert counters["client"]["TcpActiveOpens"] == counters["server"]["TcpPassiveOpens"] == 2
        assert counters["client"]["TcpPassiveOpens"] == 0
        assert (history.stat().st_mtime_ns if history.exists() else None) == kept

    running(life)


def _counters(file: Path) -> dict[str, int]:
    rows = (row.split() for row in file.read_text().splitlines() if not row.startswith("#"))
    return {name: int(value) for name, value, _ in rows}


def test_every_node_tells_how_it_forwards() -> None:
    def life(folder: Path) -> None:
        routers.ask(["client", "firewall"], folder)
        client, firewall = (_told(folder, node) for node in ("client", "firewall"))
        assert (client["node"], firewall["node"]) == ("client", "firewall")
        assert [route["gateway"] for route in client["routes"] if route["dst"] == "default"] == ["192.0.2.2"]
        assert [route["gateway"] for route in client["routes6"] if route["dst"] == "default"] == ["2001:db8:1::2"]
        # All tables, not only the main one.
        assert "local" in {route.get("table") for route in client["routes"]}
        assert {rule["table"] for rule in client["rules"]} == {"local", "main", "default"}
        assert {rule["table"] for rule in client["rules6"]} == {"local", "main"}
        addresses = {one["local"] for interface in firewall["addresses"] for one in interface["addr_info"]}
        assert {"192.0.2.2", "192.0.2.17", "2001:db8:1::2", "2001:db8:2::1"} <= addresses

    running(life)


def _told(folder: Path, node: str) -> dict[str, Any]:
    told = json.loads((folder / "routers" / f"{node}.json").read_text())
    assert isinstance(told, dict)
    return told
