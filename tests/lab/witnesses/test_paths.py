"""Path reports of real tools: which hops they show, how long they may take, and what they must not show."""

import socket
from pathlib import Path

import pytest

from bothways.errors import InputError
from bothways.evidence.path_report import PathReport as Read
from bothways.lab.model.network import End, Link, Name, Network, Node
from bothways.lab.model.scenario import PathReport
from bothways.lab.witnesses.hostname import host_called, hostname
from bothways.lab.witnesses.paths import command, report
from bothways.lab.world import nodes
from bothways.lab.world.nodes import ProgramError
from bothways.lab.world.waiting import until
from bothways.traces import READERS
from tests.lab.witnesses.little import SERVERS, listening, network, programs, running

SILENT = """
table inet filter {
    chain forward {
        type filter hook forward priority filter; policy drop;
    }
}
"""
REPORTS = [
    PathReport(file="outbound.mtr.txt", tool="mtr", node="client", to=SERVERS[0]),
    PathReport(file="outbound6.mtr.txt", tool="mtr", node="client", to=SERVERS[1]),
    PathReport(file="inbound.mtr.json", tool="mtr-json", node="server", to="192.0.2.1"),
    PathReport(file="inbound6.mtr.json", tool="mtr-json", node="server", to="2001:db8:1::1"),
    PathReport(file="outbound.tcp-traceroute.txt", tool="tcp-traceroute", node="client", to=SERVERS[0], port=80),
    PathReport(file="outbound6.tcp-traceroute.txt", tool="tcp-traceroute", node="client", to=SERVERS[1], port=80),
]


def _read(folder: Path) -> dict[str, Read]:
    found = {}
    for one in REPORTS:
        text = (folder / one.file).read_text()
        (read,) = (read for _, recognises, read in READERS if recognises(text))
        reading = read(text, file=one.file)
        assert reading.problems == ()
        (found[one.file],) = reading.content
    return found


def _nothing_runs() -> bool:
    return not programs()


def _hops(read: Read) -> list[tuple[str | None, str | None] | None]:
    return [None if hop.silent else (hop.replies[0].name, hop.replies[0].address) for hop in read.hops]


@pytest.mark.lab
def test_all_tools_show_the_way_there_and_back_in_both_versions_of_ip() -> None:
    def life(folder: Path) -> None:
        with listening(), listening(SERVERS[1]):
            report(REPORTS, network(), folder)
        until(_nothing_runs, "mtr's helpers to hear that it is done")
        found = _read(folder)
        assert _hops(found["outbound.mtr.txt"]) == [("gate.little.example", None), ("www.little.example", None)]
        assert _hops(found["outbound6.mtr.txt"]) == [(None, "2001:db8:1::2"), (None, SERVERS[1])]
        assert _hops(found["inbound.mtr.json"]) == [(None, "192.0.2.17"), (None, "192.0.2.1")]
        assert _hops(found["inbound6.mtr.json"]) == [(None, "2001:db8:2::1"), (None, "2001:db8:1::1")]
        assert _hops(found["outbound.tcp-traceroute.txt"]) == [
            ("gate.little.example", "192.0.2.2"),
            ("www.little.example", SERVERS[0]),
        ]
        assert [address for _, address in filter(None, _hops(found["outbound6.tcp-traceroute.txt"]))] == [
            "2001:db8:1::2",
            SERVERS[1],
        ]
        assert all(hop.loss == 0 for name, read in found.items() if "mtr" in name for hop in read.hops)
        # The machine that the lab runs on is called nowhere.
        assert found["outbound.mtr.txt"].source == "desk.little.example"
        assert found["inbound.mtr.json"].source == "www.little.example"

    running(life)


@pytest.mark.lab
def test_a_path_that_falls_silent_is_reported_up_to_there() -> None:
    def life(folder: Path) -> None:
        report(REPORTS, network(SILENT), folder)
        for name, read in _read(folder).items():
            first, *rest = _hops(read)
            assert first is not None, name
            assert rest, name
            assert set(rest) == {None}, name

    running(life, network(SILENT))


@pytest.mark.lab
def test_a_tool_that_cannot_begin_says_why_and_the_others_are_ended() -> None:
    lost = PathReport(file="there.mtr.txt", tool="mtr", node="firewall", to="198.51.100.1")

    def life(folder: Path) -> None:
        with pytest.raises(ProgramError, match=r"there.mtr.txt: mtr from firewall to 198.51.100.1.*unreachable"):
            report([lost, *REPORTS], network(), folder)
        until(_nothing_runs, "mtr's helpers to hear that it is gone")

    running(life)


@pytest.mark.lab
def test_a_tool_that_takes_too_long_is_ended() -> None:
    def life(folder: Path) -> None:
        with pytest.raises(ProgramError, match=r"outbound.mtr.txt: mtr from client.* not done after 0 s"):
            report(REPORTS, network(), folder, seconds=0)
        until(_nothing_runs, "mtr's helpers to hear that it is gone")

    running(life)


@pytest.mark.lab
def test_another_host_name_is_seen_by_those_alone_who_shall_see_it() -> None:
    def life(_: Path) -> None:
        before = socket.gethostname()
        with host_called("desk.little.example"):
            assert nodes.run("client", "uname", "-n").stdout == "desk.little.example\n"
        assert socket.gethostname() == nodes.run("client", "uname", "-n").stdout.strip() == before

    running(life)


def test_a_host_is_called_as_the_first_name_of_its_first_address_that_has_one_or_as_its_node() -> None:
    whole = Network(
        nodes=[Node(name="one"), Node(name="two")],
        links=[
            Link(
                a=End(node="one", interface="eth0", addresses=["192.0.2.1/24", "192.0.2.3/24"]),
                b=End(node="two", interface="eth0", addresses=["192.0.2.2/24"]),
            )
        ],
        names=[Name(address="192.0.2.3", name="shop.example"), Name(address="192.0.2.3", name="mail.example")],
    )
    assert [hostname(whole, node.name) for node in whole.nodes] == ["shop.example", "two"]


def test_a_tcp_traceroute_without_a_port_is_refused() -> None:
    with pytest.raises(InputError, match=r"it\.txt: a TCP traceroute needs a port"):
        command(PathReport(file="it.txt", tool="tcp-traceroute", node="client", to=SERVERS[0]))


@pytest.mark.lab
def test_no_report_is_written_outside_of_its_folder() -> None:
    def life(folder: Path) -> None:
        with pytest.raises(InputError, match="no name of a file"):
            report([PathReport(file="../away.txt", tool="mtr", node="client", to=SERVERS[0])], network(), folder)
        assert not (folder.parent / "away.txt").exists()

    running(life)
