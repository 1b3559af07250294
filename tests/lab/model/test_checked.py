"""What is wrong with a scenario is said before anything is built, with the key that it is at."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bothways.errors import InputError
from bothways.lab.model.checked import check, check_network, completed
from bothways.lab.model.network import End, Hop, Inspection, Link, Name, Network, Node, Quality, Route, Rule
from bothways.lab.model.scenario import Capture, PathReport, Scenario, Sign, Truth, Where
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes.catalogue import RECIPES

SOUND = Scenario(
    name="sound",
    network=Network(
        nodes=[
            Node(name="client"),
            Node(
                name="router",
                router=True,
                settings={"net.ipv4.tcp_syncookies": 0},
                filter="table inet filter {\n}\n",
            ),
            Node(name="server"),
        ],
        links=[
            Link(
                a=End(node="client", interface="eth0", addresses=["192.0.2.1/28"]),
                b=End(node="router", interface="inside", addresses=["192.0.2.2/28"]),
                mtu=1400,
                there=Quality(latency_ms=5.0, rate_kbit=1000),
                inspection=Inspection(names=["www.orchard.example"]),
            ),
            Link(
                a=End(node="router", interface="outside", addresses=["2001:db8::1/64", "203.0.113.1/28"]),
                b=End(node="server", interface="eth0", addresses=["2001:db8::2/64", "203.0.113.2/28"]),
                vlan=7,
                mtu=1500,
            ),
        ],
        routes=[
            Route(node="client", to="default", via="192.0.2.2"),
            Route(node="router", to="10.0.0.0/8", hops=[Hop(via="192.0.2.1"), Hop(via="203.0.113.2")], mtu=1300),
            Route(node="router", to="2001:db8:9::/48", kind="blackhole", mtu=1300),
        ],
        rules=[Rule(node="router", table=100, source="10.0.0.0/8", to="192.0.2.0/28", coming_in="outside.7")],
        names=[Name(address="192.0.2.1", name="desk-7.orchard.example")],
    ),
    services=[Service(node="server", port=80, names=["www.orchard.example"]), Service(node="server", port=443)],
    visits=[Visit(node="client", to="203.0.113.2", port=80, name="www.orchard.example")],
    captures=[
        Capture(name="client", node="client", interface="eth0"),
        Capture(name="server", node="server", interface="eth0.7"),
    ],
    paths=[
        PathReport(file="outbound.mtr.txt", tool="mtr", node="client", to="203.0.113.2"),
        PathReport(file="outbound.tcp-traceroute.txt", tool="tcp-traceroute", node="client", to="203.0.113.2", port=80),
    ],
    state=["router"],
    counters=["client", "server"],
    signs=[
        Sign(says="SYNs", match="tcp", capture="client", at_most=9),
        Sign(says="drops", match="drop", ruleset="router"),
    ],
    truth=Truth(
        theory="healthy",
        says="nothing",
        client="192.0.2.1",
        server="203.0.113.2",
        port=80,
        where=Where(way="there", between=["client", "router"]),
    ),
)


def changed(path: str, value: object) -> Scenario:
    """The sound scenario with another value at a key."""
    *way, last = re.findall(r"[^.\[\]\"]+", path)
    whole: Any = msgspec.to_builtins(SOUND)
    inner = whole
    for word in way:
        inner = inner[int(word) if word.isdigit() else word]
    inner[int(last) if last.isdigit() else last] = value
    return msgspec.convert(whole, Scenario)


def test_what_is_sound_is_accepted() -> None:
    check(SOUND)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_is_sound(recipe: Any) -> None:
    for seed, variant in enumerate(recipe.variants()):
        check(recipe.scenario(recipe.order(variant, seed=seed)))


WRONG: list[tuple[str, object, str]] = [
    ("name", "../etc", "plain file name"),
    ("name", "", "plain file name"),
    ("name", ".hidden", "plain file name"),
    ("seed", -1, "must be from 0"),
    ("seed", 2**63, "must be from 0"),
    ("network.nodes", [], "needs a node"),
    ("network.nodes", [{"name": f"n{number}"} for number in range(101)], "has 101 entries; at most 100"),
    ("network.nodes[0].name", "Client", "small letters"),
    ("network.nodes[0].name", "-client", "small letters"),
    ("network.nodes[0].name", "client-", "small letters"),
    ("network.nodes[0].name", "a" * 32, "1 to 31"),
    ("network.nodes[0].name", "../client", "small letters"),
    ("network.nodes[2].name", "client", "the same as that of network.nodes[0]"),
    ("network.nodes[1].settings", {"kernel.hostname": "x"}, "'kernel.hostname' must be the sysctl name"),
    ("network.nodes[1].settings", {"net./../../kernel/hostname": "x"}, "must be the sysctl name"),
    ("network.nodes[1].settings", {"net.ipv4.x/../../y": "x"}, "must be the sysctl name"),
    ("network.nodes[1].settings", {f"net.ipv4.x{number}": 1 for number in range(101)}, "has 101 entries"),
    ("network.nodes[1].filter", "x" * 100_001, "more than 100,000 characters"),
    ("network.nodes[1].filter", 'table x {}; include "/etc/shadow"', "includes another file"),
    ("network.links[0].a.node", "nobody", "'nobody' is no node; there are: client, router, server"),
    ("network.links[0].b.node", "client", "both ends are client"),
    ("network.links[0].a.interface", "sixteen-letters-", "1 to 15 letters"),
    ("network.links[0].a.interface", "eth0.7", "1 to 15 letters"),
    ("network.links[0].a.interface", "eth%d", "1 to 15 letters"),
    ("network.links[0].a.interface", "", "1 to 15 letters"),
    ("network.links[0].a.interface", "lo", "meaning of its own"),
    ("network.links[1].a.interface", "inside", "router inside is taken already, by network.links[0].b.interface"),
    ("network.links[1].b.interface", "fourteen-chars", "fourteen-chars.7 is longer than the 15 characters"),
    ("network.links[0].a.addresses[0]", "192.0.2.1", "must have the length of its prefix"),
    ("network.links[0].a.addresses[0]", "192.0.2.300/28", "with the length of its prefix"),
    ("network.links[0].a.addresses[0]", "192.0.2.1/33", "with the length of its prefix"),
    ("network.links[0].a.addresses[0]", "www.orchard.example", "with the length of its prefix"),
    ("network.links[0].a.addresses[0]", "192.0.2.0/28", "first or the last address"),
    ("network.links[0].a.addresses[0]", "192.0.2.15/28", "first or the last address"),
    ("network.links[0].a.addresses[0]", "224.0.0.5/24", "a neighbour can send to"),
    ("network.links[0].a.addresses[0]", "127.0.0.2/8", "a neighbour can send to"),
    ("network.links[0].a.addresses[0]", "::1/128", "a neighbour can send to"),
    ("network.links[0].a.addresses[0]", "fe80::1/64", "link-local"),
    ("network.links[0].a.addresses[0]", "2001:db8::9%eth0/64", "link-local"),
    (
        "network.links[1].b.addresses[0]",
        "192.0.2.1/28",
        "192.0.2.1 is taken already, by network.links[0].a.addresses[0]",
    ),
    ("network.links[0].mtu", 67, "from 68 to 65,535"),
    ("network.links[0].mtu", 65536, "from 68 to 65,535"),
    ("network.links[1].mtu", 1279, "from 1,280 to 65,535"),
    ("network.links[1].vlan", 0, "from 1 to 4,094"),
    ("network.links[1].vlan", 4095, "from 1 to 4,094"),
    ("network.links[0].there.loss", 1.1, "from 0 to 1"),
    ("network.links[0].there.loss", float("nan"), "from 0 to 1"),
    ("network.links[0].there.reorder", -0.1, "from 0 to 1"),
    ("network.links[0].there.duplicate", float("inf"), "from 0 to 1"),
    ("network.links[0].there.latency_ms", -1.0, "from 0 to"),
    ("network.links[0].there.latency_ms", float("inf"), "from 0 to"),
    ("network.links[0].there.latency_ms", float("nan"), "from 0 to"),
    ("network.links[0].there.rate_kbit", 0, "from 1 to"),
    ("network.links[0].there.queue", 0, "from 1 to"),
    ("network.links[0].there.queue", 10**9, "from 1 to"),
    ("network.links[0].inspection.names[0]", "not a name", "host name"),
    ("network.routes[0].node", "nobody", "is no node"),
    ("network.routes[0].to", "10.0.0.1/8", "must be a prefix"),
    ("network.routes[0].to", "everywhere", "must be a prefix"),
    ("network.routes[0].via", "203.0.113.2", "203.0.113.2 is on none of the networks of client"),
    ("network.routes[0].via", "192.0.2.1", "192.0.2.1 is an address of client itself"),
    ("network.routes[0].via", "2001:db8::1", "must be an address of IPv4"),
    ("network.routes[0].via", "the router", "must be an address of IPv4"),
    ("network.routes[0].via", "192.0.2.2/28", "must be an address of IPv4"),
    ("network.routes[0]", {"node": "client", "to": "default"}, "needs either `via` or `hops`"),
    ("network.routes[0].hops", [{"via": "192.0.2.2"}], "needs either `via` or `hops`"),
    ("network.routes[0].kind", "blackhole", "leads nowhere"),
    ("network.routes[0].table", 255, "the kernel keeps"),
    ("network.routes[0].table", 0, "means no table"),
    ("network.routes[0].table", 2**32, "must be from"),
    ("network.routes[1].hops[1].via", "192.0.9.9", "on none of the networks"),
    ("network.routes[1].hops[1].weight", 0, "from 1 to 256"),
    ("network.routes[1].hops[1].weight", 257, "from 1 to 256"),
    ("network.routes[1].hops", [{"via": "192.0.2.1"}] * 65, "at most 64"),
    ("network.routes[1].mtu", 67, "from 68 to"),
    ("network.routes[2].mtu", 1279, "from 1,280 to"),
    ("network.routes[1]", {"node": "client", "to": "0.0.0.0/0", "kind": "blackhole"}, "the same as that of"),
    ("network.routes", [{"node": "client", "to": "default", "via": "192.0.2.2"}] * 5001, "at most 5,000"),
    ("network.rules[0].node", "nobody", "is no node"),
    ("network.rules[0].table", 0, "means no table"),
    ("network.rules[0].source", "10.0.0.1/8", "must be a prefix"),
    ("network.rules[0].to", "2001:db8::/64", "another version of IP"),
    (
        "network.rules[0].coming_in",
        "eth9",
        "'eth9' is no interface of router; there are: inside, lo, outside, outside.7",
    ),
    ("network.rules[0].priority", 0, "from 1 to 32,765"),
    ("network.rules[0].priority", 32766, "from 1 to 32,765"),
    ("network.names[0].address", "192.0.2.1/28", "must be an address"),
    ("network.names[0].address", "fe80::1%eth0", "must be an address"),
    ("network.names[0].name", "two words", "host name"),
    ("network.names[0].name", "line\nbreak", "host name"),
    ("network.names[0].name", "-dash.example", "host name"),
    ("network.names[0].name", "a" * 254, "host name"),
    ("services[0].node", "nobody", "is no node"),
    ("services[0].port", 0, "from 1 to 65,535"),
    ("services[0].port", 65536, "from 1 to 65,535"),
    ("services[1].port", 80, "the same as that of services[0]: 'server port 80'"),
    ("services[0].names[0]", "a/b", "host name"),
    ("services[0].backlog", -1, "must be from 0"),
    ("services[0].defer_s", -1, "must be from 0"),
    ("services[0].serves", 10**9, "must be from 0"),
    ("visits[0].node", "nobody", "is no node"),
    ("visits[0].to", "www.orchard.example", "must be an address"),
    ("visits[0].name", "-x", "host name"),
    ("visits[0].port", 0, "from 1 to 65,535"),
    ("visits[0].size", 10**12, "must be from 0"),
    ("visits[0].count", 0, "must be from 1"),
    ("visits[0].count", 10**9, "must be from 1"),
    ("visits[0].step", 0, "must be from 1"),
    ("visits[0].idle_s", -0.5, "must be from 0"),
    ("visits[0].patience_s", 0.0, "must be from 0.1"),
    ("visits[0].patience_s", float("inf"), "must be from 0.1"),
    ("visits", [{"node": "client", "to": "203.0.113.2", "port": 80, "count": 3000}] * 2, "make 6,000 connections"),
    ("captures[0].name", "../client", "plain file name"),
    ("captures[0].node", "nobody", "is no node"),
    ("captures[0].interface", "eth1", "'eth1' is no interface of client; there are: any, eth0, lo"),
    ("captures[1].name", "client", "the same as that of captures[0]"),
    ("paths[0].file", "a/b.txt", "plain file name"),
    ("paths[0].file", ".mtr", "plain file name"),
    ("paths[0].file", "curl.log", "must end in"),
    ("paths[1].file", "outbound.mtr.txt", "the same as that of paths[0]"),
    ("paths[0].node", "nobody", "is no node"),
    ("paths[0].to", "-x", "must be an address"),
    ("paths[0].port", 80, "a TCP traceroute needs"),
    ("paths[1].port", 0, "from 1 to 65,535"),
    ("paths[1].port", None, "a TCP traceroute needs"),
    ("state[0]", "nobody", "is no node"),
    ("counters[1]", "client", "the same as that of counters[0]"),
    ("signs[0].capture", "nowhere", "'nowhere' is no capture"),
    ("signs[0].ruleset", "router", "needs either `capture` or `ruleset`"),
    ("signs[1].ruleset", "nobody", "is no node"),
    ("signs[0].match", "-w/etc/passwd", "must not begin with a hyphen"),
    ("signs[0].at_least", -1, "must be from 0"),
    ("signs[0].at_most", 0, "must be from 1"),
    ("truth.port", 0, "from 1 to 65,535"),
    ("truth.where.between[1]", "nobody", "is no node"),
]

ELSEWHERE = {
    "signs[0].ruleset": "signs[0]",
    "network.routes[0].hops": "network.routes[0]",
    "network.routes[0].kind": "network.routes[0]",
    "network.routes[1]": "network.routes[1].to",
}
"""Where the complaint's key is not the one that was changed: the two together are wrong."""


@pytest.mark.parametrize(("path", "value", "says"), WRONG)
def test_what_is_wrong_is_named_with_its_key(path: str, value: object, says: str) -> None:
    with pytest.raises(InputError) as refused:
        check(changed(path, value))
    key, _, sentence = str(refused.value).partition(": ")
    assert key == ELSEWHERE.get(path, path)
    assert says in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("value", ["1\n2", "x" * 201, 2**63])
def test_a_settings_value_is_one_line_or_a_number(value: int | str) -> None:
    with pytest.raises(InputError, match=r'^network\.nodes\[1\]\.settings\."net\.ipv4\.x": .* must be '):
        check(changed("network.nodes[1].settings", {"net.ipv4.x": value}))


def test_too_many_links_and_addresses_are_refused() -> None:
    def link(number: int, addresses: int) -> Link:
        ends = [
            End(
                node=node,
                interface=f"e{number}{side}",
                addresses=[f"10.{number}.{position}.{side}/24" for position in range(addresses)],
            )
            for side, node in enumerate(("a", "b"), start=1)
        ]
        return Link(a=ends[0], b=ends[1])

    nodes = [Node(name="a"), Node(name="b")]
    check_network(Network(nodes=nodes, links=[link(number, 1) for number in range(200)]))
    with pytest.raises(InputError, match="at most 200"):
        check_network(Network(nodes=nodes, links=[link(number, 1) for number in range(201)]))
    with pytest.raises(InputError, match="at most 500"):
        check_network(Network(nodes=nodes, links=[link(number, 100) for number in range(3)]))


@pytest.mark.parametrize(
    "made",
    [
        lambda: replace(SOUND.network, nodes=[*SOUND.network.nodes, Node(name="a b")]),
        lambda: replace(SOUND.network, routes=[Route(node="client", to="::/0", via="192.0.2.2")]),
    ],
)
def test_a_network_alone_is_checked_by_the_same_rules(made: Callable[[], Network]) -> None:
    with pytest.raises(InputError, match=r"^network\.(nodes\[3\]\.name|routes\[0\]\.via): "):
        check_network(made())


def test_a_scenario_is_checked_when_it_is_completed() -> None:
    with pytest.raises(InputError, match=r"^visits\[0\]\.to: 'nobody' must be an address"):
        completed(changed("visits[0].to", "nobody"))
    with pytest.raises(InputError, match=r"^network\.links\[0\]\.a\.addresses\[0\]: "):
        completed(changed("network.links[0].a.addresses[0]", "here"))


def test_what_is_complete_is_completed_to_the_same() -> None:
    assert completed(SOUND) == SOUND
