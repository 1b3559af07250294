"""A network is built as described: looked at from the inside, with the kernel's own tools."""

import errno
import json
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bothways.errors import InputError
from bothways.lab.box import links
from bothways.lab.box.build import build
from bothways.lab.model.network import End, Hop, Link, Name, Network, Node, Quality, Route, Rule
from bothways.lab.world.nodes import run, start, within
from bothways.lab.world.waiting import until
from tests.helpers.world import inside

pytestmark = pytest.mark.lab


def end(node: str, interface: str, *addresses: str) -> End:
    return End(node=node, interface=interface, addresses=list(addresses))


HASH_SEED = Path("/proc/sys/net/ipv4/fib_multipath_hash_seed")

CLIENT_LINK = Link(
    a=end("client", "eth0", "10.1.0.2/24", "2001:db8:1::2/64"),
    b=end("router", "inside", "10.1.0.1/24", "2001:db8:1::1/64"),
)
SERVER_LINK = Link(
    a=end("router", "outside", "10.2.0.1/24", "2001:db8:2::1/64"),
    b=end("server", "eth0", "10.2.0.2/24", "2001:db8:2::2/64"),
)
NODES = [Node(name="client"), Node(name="router", router=True), Node(name="server")]
ROUTES = [
    Route(node="client", to="default", via="10.1.0.1"),
    Route(node="client", to="default6", via="2001:db8:1::1"),
    Route(node="server", to="default", via="10.2.0.1"),
    Route(node="server", to="default6", via="2001:db8:2::1"),
]


def network(
    *,
    nodes: list[Node] | None = None,
    links: list[Link] | None = None,
    routes: list[Route] | None = None,
    rules: list[Rule] | None = None,
    names: list[Name] | None = None,
) -> Network:
    """Client, router, server; changed where said."""
    return Network(
        nodes=nodes or NODES,
        links=links or [CLIENT_LINK, SERVER_LINK],
        routes=ROUTES if routes is None else routes,
        rules=rules or [],
        names=names or [],
    )


def router(**changes: Any) -> list[Node]:
    return [NODES[0], Node(name="router", router=True, **changes), NODES[2]]


def ip(node: str, *words: str) -> list[dict[str, Any]]:
    """What `ip -j` lists."""
    listed: list[dict[str, Any]] = json.loads(run(node, "ip", "-j", *words).stdout or "[]")
    return listed


def route(node: str, to: str, *words: str) -> dict[str, Any]:
    """The one line of a table that leads to a prefix."""
    family = "-6" if ":" in to else "-4"
    (line,) = ip(node, family, "-details", "route", "show", *words, "exact", to)
    return line


def counted(node: str, counter: str) -> int:
    """One of the kernel's counters, since the node began."""
    return int(json.loads(run(node, "nstat", "-ajz", "--json", counter).stdout)["kernel"][counter])


def answers(node: str, address: str, seconds: float = 10.0) -> bool:
    """Whether an address refuses a connection: its own word, that went both ways."""
    with within(node), socket.socket(family(address)) as knock:
        knock.settimeout(seconds)
        return knock.connect_ex((address, 9)) == errno.ECONNREFUSED


def stays_silent(node: str, address: str) -> bool:
    return not answers(node, address, 0.2)


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def setting(node: str, name: str) -> str:
    return run(node, "sysctl", "-n", name).stdout.strip()


def test_interfaces_are_up_and_have_their_addresses_and_mtu() -> None:
    def life() -> None:
        build(network(links=[CLIENT_LINK, Link(a=SERVER_LINK.a, b=SERVER_LINK.b, mtu=1400)]), 1)
        interfaces = {one["ifname"]: one for one in ip("router", "addr")}
        assert set(interfaces) == {"lo", "inside", "outside"}
        assert "LOWER_UP" in interfaces["lo"]["flags"]
        outside = interfaces["outside"]
        assert {"UP", "LOWER_UP"} <= set(outside["flags"])
        assert (interfaces["inside"]["mtu"], outside["mtu"]) == (1500, 1400)
        assert ip("server", "link", "show", "eth0")[0]["mtu"] == 1400
        found = {(one["local"], one["prefixlen"]): one for one in outside["addr_info"] if one["scope"] == "global"}
        assert set(found) == {("10.2.0.1", 24), ("2001:db8:2::1", 64)}
        assert not any(one.get("tentative") for one in outside["addr_info"])

    inside(life)


def test_packets_cross_a_router_in_both_families() -> None:
    def life() -> None:
        build(network(), 1)
        assert answers("client", "10.2.0.2")
        assert answers("client", "2001:db8:2::2")
        assert counted("router", "IpForwDatagrams") == 2
        assert counted("router", "Ip6OutForwDatagrams") == 2

    inside(life)


def test_a_host_forwards_nothing() -> None:
    def life() -> None:
        build(network(nodes=[NODES[0], Node(name="router"), NODES[2]]), 1)
        assert stays_silent("client", "10.2.0.2")
        assert counted("router", "IpForwDatagrams") == 0

    inside(life)


def test_every_kind_of_route_is_laid() -> None:
    beside = Link(a=end("client", "eth1", "10.3.0.2/24"), b=end("router", "beside", "10.3.0.1/24"))
    routes = [
        Route(node="client", to="default", via="10.1.0.1", mtu=1300),
        Route(node="client", to="default6", via="2001:db8:1::1"),
        Route(node="client", to="10.5.0.0/16", hops=[Hop(via="10.1.0.1"), Hop(via="10.3.0.1", weight=3)]),
        Route(node="client", to="10.6.0.0/16", kind="blackhole"),
        Route(node="client", to="10.7.0.0/16", kind="unreachable"),
        Route(node="client", to="2001:db8:7::/48", kind="prohibit"),
        Route(node="client", to="10.8.0.0/16", via="10.1.0.1", table=100),
        Route(node="client", to="2001:db8:8::/48", via="2001:db8:1::1", table=1000),
    ]

    def life() -> None:
        build(network(links=[CLIENT_LINK, SERVER_LINK, beside], routes=routes), 1)
        default = route("client", "0.0.0.0/0")
        assert (default["gateway"], default["dev"]) == ("10.1.0.1", "eth0")
        assert default["metrics"] == [{"lock": ["mtu"], "mtu": 1300}] or "lock 1300" in text("10.9.0.1")
        assert route("client", "::/0")["gateway"] == "2001:db8:1::1"
        hops = route("client", "10.5.0.0/16")["nexthops"]
        assert [(hop["gateway"], hop["dev"], hop["weight"]) for hop in hops] == [
            ("10.1.0.1", "eth0", 1),
            ("10.3.0.1", "eth1", 3),
        ]
        kinds = {to: route("client", to)["type"] for to in ("10.6.0.0/16", "10.7.0.0/16", "2001:db8:7::/48")}
        assert kinds == {"10.6.0.0/16": "blackhole", "10.7.0.0/16": "unreachable", "2001:db8:7::/48": "prohibit"}
        assert route("client", "10.8.0.0/16", "table", "100")["gateway"] == "10.1.0.1"
        assert route("client", "2001:db8:8::/48", "table", "1000")["gateway"] == "2001:db8:1::1"

    def text(to: str) -> str:
        return run("client", "ip", "route", "get", to).stdout

    inside(life)


@pytest.mark.parametrize("to", ["10.2.0.2", "2001:db8:2::2"])
def test_a_router_answers_what_is_larger_than_a_route_takes(to: str) -> None:
    narrow = [
        Route(node="router", to="10.2.0.2/32", via="10.2.0.2", mtu=1300),
        Route(node="router", to="2001:db8:2::2/128", via="2001:db8:2::2", mtu=1300),
    ]

    def life() -> None:
        build(network(routes=[*ROUTES, *narrow]), 1)
        with within("client"), socket.socket(family(to), socket.SOCK_DGRAM) as sender:
            if ":" in to:
                level, discover, mtu = socket.IPPROTO_IPV6, 23, 24  # IPV6_MTU_DISCOVER, IPV6_MTU: linux/in6.h
            else:
                level, discover, mtu = socket.IPPROTO_IP, 10, 14  # IP_MTU_DISCOVER, IP_MTU: linux/in.h
            sender.setsockopt(level, discover, 2)  # IP_PMTUDISC_DO
            sender.connect((to, 9))
            sender.send(bytes(1400))
            until(lambda: sender.getsockopt(level, mtu) == 1300, "the router's word about its route")

    inside(life)


def test_rules_send_packets_to_their_tables() -> None:
    rules = [
        Rule(node="router", table=100, source="10.1.0.0/24", to="10.2.0.0/24", priority=500),
        Rule(node="router", table=101, coming_in="inside", protocol="tcp"),
        Rule(node="router", table=102, coming_in="lo", to="2001:db8::/32"),
        Rule(node="router", table=103, protocol="icmp", priority=2000),
    ]

    def life() -> None:
        build(network(rules=rules), 1)
        four, six = ({rule["priority"]: rule for rule in ip("router", family, "rule")} for family in ("-4", "-6"))
        assert four[500] == {
            "priority": 500,
            "src": "10.1.0.0",
            "srclen": 24,
            "dst": "10.2.0.0",
            "dstlen": 24,
            "table": "100",
        }
        assert (four[1000]["iif"], four[1000]["ipproto"], four[1000]["table"]) == ("inside", "tcp", "101")
        assert four[2000]["ipproto"] == "icmp"
        both = {(rule.get("iif"), rule.get("dst"), rule["table"]) for rule in ip("router", "-6", "rule")}
        assert {("inside", None, "101"), ("lo", "2001:db8::", "102")} <= both
        assert 500 not in six
        assert 2000 not in six

    inside(life)


def test_a_reply_may_come_in_by_another_link() -> None:
    second = Link(a=end("client", "eth1", "10.3.0.2/24"), b=end("router", "beside", "10.3.0.1/24"))
    back = [Route(node="router", to="10.1.0.2/32", via="10.3.0.2")]

    def life() -> None:
        build(network(links=[CLIENT_LINK, SERVER_LINK, second], routes=[*ROUTES, *back]), 1)
        assert answers("client", "10.2.0.2")

    inside(life)


def test_a_router_sends_no_redirect() -> None:
    back_where_it_came_from = Route(node="router", to="10.9.0.0/16", via="10.1.0.2")

    def life() -> None:
        build(network(routes=[*ROUTES, back_where_it_came_from]), 1)
        assert stays_silent("client", "10.9.0.1")
        assert counted("router", "IpForwDatagrams") == 1
        assert counted("router", "IcmpOutRedirects") == 0

    inside(life)


@pytest.mark.parametrize(
    ("to", "counter"), [("10.2.0.2", "IcmpOutTimeExcds"), ("2001:db8:2::2", "Icmp6OutTimeExcds")], ids=["v4", "v6"]
)
def test_a_router_answers_every_probe(to: str, counter: str) -> None:
    probes = 300  # in less time than it takes a kernel to answer two, usually

    def life() -> None:
        build(network(), 1)
        with within("client"), socket.socket(family(to), socket.SOCK_DGRAM) as prober:
            if ":" in to:
                prober.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 1)
            else:
                prober.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
            for _ in range(probes):
                prober.sendto(b"", (to, 33434))
        assert counted("router", counter) == probes

    inside(life)


def test_settings_are_written_to_the_node_alone() -> None:
    settings: dict[str, int | str] = {
        "net.ipv4.tcp_syncookies": 0,
        "net.ipv4.ip_local_port_range": "40000 40100",
        "net.ipv4.conf.outside.rp_filter": 2,
        "net.netfilter.nf_conntrack_tcp_loose": 0,
    }

    def life() -> None:
        box = build(network(nodes=router(settings=settings)), 1)
        box.load_filters()
        assert {name: setting("router", name).replace("\t", " ") for name in settings} == {
            name: str(value) for name, value in settings.items()
        }
        assert setting("router", "net.ipv4.conf.inside.rp_filter") == "0"
        assert setting("client", "net.ipv4.tcp_syncookies") == "1"

    inside(life)


def test_lookups_find_the_networks_names_and_no_others() -> None:
    names = [
        Name(address="10.2.0.2", name="www.orchard.example"),
        Name(address="10.2.0.2", name="shop.orchard.example"),
        Name(address="2001:db8:2::2", name="www.orchard.example"),
    ]

    def life() -> None:
        build(network(names=names), 1)
        assert run("client", "getent", "ahostsv4", "shop.orchard.example").stdout.split()[0] == "10.2.0.2"
        assert run("client", "getent", "ahostsv6", "www.orchard.example").stdout.split()[0] == "2001:db8:2::2"
        assert run("client", "getent", "hosts", "10.2.0.2").stdout.split()[1] == "www.orchard.example"
        assert run("client", "getent", "hosts", "2001:db8:2::2").stdout.split()[1] == "www.orchard.example"
        assert run("client", "getent", "hosts", "localhost").returncode == 0
        assert run("client", "getent", "ahosts", "nowhere.example", check=False).returncode == 2
        assert counted("client", "UdpOutDatagrams") == 0

    inside(life)


def test_a_filter_counts_from_the_moment_it_is_loaded() -> None:
    ruleset = """table inet filter {
        chain forward {
            type filter hook forward priority filter; policy drop;
            ct state established,related counter accept
            iifname "inside" counter accept
        }
    }"""

    def life() -> None:
        box = build(network(nodes=router(filter=ruleset)), 1)
        assert run("router", "nft", "list", "ruleset").stdout == ""
        box.load_filters()
        assert re.findall(r"packets (\d+)", run("router", "nft", "list", "ruleset").stdout) == ["0", "0"]
        assert answers("client", "10.2.0.2")
        assert re.findall(r"packets (\d+)", run("router", "nft", "list", "ruleset").stdout) == ["1", "1"]
        assert stays_silent("server", "10.1.0.2")

    inside(life)


def test_neighbours_have_found_each_other_and_said_nothing_else() -> None:
    def life() -> None:
        build(network(), 1)
        found = {
            entry["dst"] for entry in ip("router", "neigh") if entry["state"][0] in {"REACHABLE", "STALE", "DELAY"}
        }
        assert found >= {"10.1.0.2", "2001:db8:1::2", "10.2.0.2", "2001:db8:2::2"}
        for node in ("client", "router", "server"):
            for counter in ("IpOutRequests", "TcpOutSegs", "UdpOutDatagrams", "IcmpOutMsgs", "Icmp6OutDestUnreachs"):
                assert counted(node, counter) == 0, (node, counter)

    inside(life)


def test_a_link_with_a_quality_is_a_wire() -> None:
    slow = Link(a=SERVER_LINK.a, b=SERVER_LINK.b, there=Quality(latency_ms=5), back=Quality(latency_ms=20), mtu=1400)

    def life() -> None:
        box = build(network(links=[CLIENT_LINK, slow]), 1)
        assert ip("server", "link", "show", "eth0")[0]["mtu"] == 1400
        assert answers("client", "10.2.0.2")
        assert len(box.wires) == 1
        (count,) = box.end_wires()
        assert count.surprises == {}
        assert min(count.there.carried, count.back.carried) > 0
        assert stays_silent("client", "10.2.0.2")

    inside(life)


@pytest.mark.parametrize("quality", [None, Quality(latency_ms=1)], ids=["cable", "wire"])
def test_a_link_with_a_vlan_has_its_addresses_on_the_tagged_interface(quality: Quality | None) -> None:
    tagged = Link(a=SERVER_LINK.a, b=SERVER_LINK.b, vlan=7, there=quality, back=quality)
    strict = Node(name="server", settings={"net.ipv4.conf.eth0/7.rp_filter": 1})

    def life() -> None:
        box = build(network(nodes=[*NODES[:2], strict], links=[CLIENT_LINK, tagged]), 1)
        assert setting("server", "net.ipv4.conf.eth0/7.rp_filter") == "1"
        assert setting("server", "net.ipv4.conf.eth0.rp_filter") == "0"
        addresses = {one["ifname"]: {a["local"] for a in one["addr_info"]} for one in ip("server", "addr")}
        assert {"10.2.0.2", "2001:db8:2::2"} <= addresses["eth0.7"]
        assert "10.2.0.2" not in addresses["eth0"]
        command = ("tcpdump", "-c", "2", "-i", "eth0", "--immediate-mode", "vlan 7 and tcp port 9")
        with start("server", *command, stderr=subprocess.PIPE) as watch:
            assert watch.stderr
            assert any(b"listening on" in line for line in watch.stderr)
            assert answers("client", "10.2.0.2")
            assert watch.wait(10) == 0
        counts = box.end_wires()
        assert len(counts) == 2 + bool(quality)
        assert [count.surprises for count in counts] == [{}] * len(counts)

    inside(life)


def strangers(there: Quality | None) -> Network:
    """Two nodes that do not answer when the other looks for them."""
    ignoring: dict[str, int | str] = {"net.ipv4.conf.all.arp_ignore": 8}
    link = Link(a=end("left", "eth0", "10.2.0.1/24"), b=end("right", "eth0", "10.2.0.2/24"), there=there)
    return Network(nodes=[Node(name=name, settings=ignoring) for name in ("left", "right")], links=[link])


def test_a_dead_wire_is_not_waited_for() -> None:
    inside(lambda: box_is_built(strangers(Quality(loss=1.0))))


def box_is_built(wanted: Network) -> None:
    assert build(wanted, 1).wires


def test_neighbours_that_do_not_find_each_other_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_SECONDS_TO_FIND", 0.1)
    with pytest.raises(TimeoutError, match=r"left did not find 10\.2\.0\.2, right did not find 10\.2\.0\.1"):
        inside(lambda: box_is_built(strangers(None)))


def test_a_node_has_a_first_address_of_each_version() -> None:
    def life() -> None:
        box = build(network(), 1)
        assert box.address("router") == "10.1.0.1"
        assert box.address("router", 6) == "2001:db8:1::1"
        with pytest.raises(KeyError):
            box.address("nobody")

    inside(life)


@pytest.mark.skipif(not HASH_SEED.exists(), reason="this kernel keeps its hash's seed to itself (before Linux 6.11)")
def test_the_seed_decides_which_of_several_ways_a_connection_takes() -> None:
    beside = Link(a=end("client", "eth1", "10.3.0.2/24"), b=end("router", "beside", "10.3.0.1/24"))
    several = [Route(node="client", to="10.2.0.0/24", hops=[Hop(via="10.1.0.1"), Hop(via="10.3.0.1")])]
    hashing = Node(name="client", settings={"net.ipv4.fib_multipath_hash_policy": 1})
    chosen: dict[str, list[str]] = {}

    def choices(seed: int) -> list[str]:
        """Told by way of an exception: it is what comes back out of a world."""

        def life() -> None:
            build(network(nodes=[hashing, *NODES[1:]], links=[CLIENT_LINK, SERVER_LINK, beside], routes=several), seed)
            words = ("ipproto", "tcp", "dport", "443", "sport")
            gateways = [
                ip("client", "route", "get", "10.2.0.2", *words, str(port))[0]["gateway"]
                for port in range(40000, 40024)
            ]
            raise LookupError(gateways)

        with pytest.raises(LookupError) as told:
            inside(life)
        return list(told.value.args[0])

    chosen = {name: choices(seed) for name, seed in (("first", 1), ("again", 1), ("other", 2))}
    assert set(chosen["first"]) == {"10.1.0.1", "10.3.0.1"}
    assert chosen["first"] == chosen["again"]
    assert chosen["first"] != chosen["other"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (network(nodes=router(filter="table inet x { chain")), r"^filter of router: .*syntax error"),
        (network(nodes=router(filter="table inet x {\n}\nfoo bar\n")), r"^filter of router: .*:3:"),
        (network(nodes=router(settings={"net.ipv4.no_such": 1})), r"^setting net\.ipv4\.no_such = 1 of router: "),
        (network(nodes=router(settings={"net.ipv4.ip_forward": "x"})), r"^setting net\.ipv4\.ip_forward = x of router"),
        (network(nodes=router(settings={"net.ipv6.conf.eth9.mtu": 1})), r"^setting net\.ipv6\.conf\.eth9\.mtu = 1 of"),
        (network(nodes=router(settings={"net.netfilter.no_such": 1})), r"^setting net\.netfilter\.no_such = 1 of"),
        (network(routes=[Route(node="client", to="default", via="10.9.9.9")]), r"routes\[0\]\.via: 10\.9\.9\.9 "),
        (
            network(rules=[Rule(node="client", table=9, to="10.0.0.0/8")] * 2),
            r"^rule of client for table 9: it is there already",
        ),
    ],
)
def test_what_cannot_be_built_is_said_in_a_sentence(wrong: Network, says: str) -> None:
    def life() -> None:
        build(wrong, 1).load_filters()

    with pytest.raises(InputError, match=says):
        inside(life)
