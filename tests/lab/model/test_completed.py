"""What a scenario leaves out is filled in."""

from msgspec.structs import replace

from bothways.lab.model.checked import completed
from bothways.lab.model.network import End, Link, Name, Network, Node, Route
from bothways.lab.model.scenario import Capture, PathReport, Scenario
from bothways.lab.model.traffic import Service, Visit

BARE = Scenario(
    name="bare",
    network=Network(
        nodes=[
            Node(name="client"),
            Node(name="firewall", router=True, filter="table inet x {\n}"),
            Node(name="server"),
        ],
        links=[
            Link(
                a=End(node="client", interface="eth0", addresses=["192.0.2.1/28"]),
                b=End(node="firewall", interface="inside", addresses=["192.0.2.2/28"]),
            ),
            Link(
                a=End(node="firewall", interface="outside", addresses=["2001:db8::1/64", "203.0.113.1/28"]),
                b=End(node="server", interface="eth0", addresses=["2001:db8::2/64", "203.0.113.2/28"]),
                vlan=7,
            ),
        ],
    ),
    services=[Service(node="server", port=80)],
    visits=[Visit(node="client", to="server", port=80)],
)


def test_routes_lead_everywhere() -> None:
    assert completed(BARE).network.routes == [
        Route(node="client", to="default", via="192.0.2.2"),
        Route(node="server", to="default", via="203.0.113.1"),
    ]


def test_addresses_are_called_by_their_nodes_names_if_nothing_is_called_anything() -> None:
    names = [(name.address, name.name) for name in completed(BARE).network.names]
    assert names == [
        ("192.0.2.1", "client"),
        ("192.0.2.2", "firewall"),
        ("2001:db8::1", "firewall"),
        ("203.0.113.1", "firewall"),
        ("2001:db8::2", "server"),
        ("203.0.113.2", "server"),
    ]
    one = [Name(address="192.0.2.1", name="desk.example")]
    assert completed(replace(BARE, network=replace(BARE.network, names=one))).network.names == one


def test_a_node_that_is_visited_is_visited_at_an_address_that_the_visitor_can_reach() -> None:
    assert completed(BARE).visits[0].to == "203.0.113.2"
    paths = [PathReport(file="there.mtr.txt", tool="mtr", node="client", to="server")]
    assert completed(replace(BARE, paths=paths)).paths[0].to == "203.0.113.2"


def test_hosts_and_both_sides_of_filters_are_watched() -> None:
    whole = completed(BARE)
    assert [(capture.name, capture.node, capture.interface) for capture in whole.captures] == [
        ("client", "client", "eth0"),
        ("firewall-inside", "firewall", "inside"),
        ("firewall-outside", "firewall", "outside"),
        ("firewall-outside.7", "firewall", "outside.7"),
        ("server-eth0", "server", "eth0"),
        ("server-eth0.7", "server", "eth0.7"),
    ]
    assert whole.state == ["firewall"]
    assert whole.counters == ["client", "server"]


def test_the_first_visit_is_traced_both_ways() -> None:
    assert completed(BARE).paths == [
        PathReport(file="outbound.mtr.txt", tool="mtr", node="client", to="203.0.113.2"),
        PathReport(file="inbound.mtr.txt", tool="mtr", node="server", to="192.0.2.1"),
        PathReport(file="outbound.tcp-traceroute.txt", tool="tcp-traceroute", node="client", to="203.0.113.2", port=80),
    ]
    assert completed(replace(BARE, visits=[])).paths == []


def test_an_address_that_nobody_has_is_traced_one_way() -> None:
    whole = completed(replace(BARE, visits=[Visit(node="client", to="198.51.100.9", port=80)]))
    assert [report.file for report in whole.paths] == ["outbound.mtr.txt", "outbound.tcp-traceroute.txt"]


def test_what_is_said_stays_as_it_is() -> None:
    said = replace(
        BARE,
        captures=[Capture(name="only", node="client", interface="eth0")],
        state=["client"],
        counters=["server"],
        paths=[PathReport(file="x.mtr.txt", tool="mtr", node="client", to="203.0.113.2")],
    )
    whole = completed(said)
    assert (whole.captures, whole.state, whole.counters, whole.paths) == (
        said.captures,
        said.state,
        said.counters,
        said.paths,
    )


def test_completing_twice_changes_nothing() -> None:
    once = completed(BARE)
    assert completed(once) == once
