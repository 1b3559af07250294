"""One of two paths through the carrier is bad: connections that a router's hash puts on it fail.

Linux gives each packet that it makes itself a random hash of its socket (include/net/sock.h, skb_set_hash_from_sk), a
new one at each timeout (net/ipv4/tcp_timer.c, tcp_write_timeout), and a router that balances by ports takes that hash
if the packet has one (net/ipv4/route.c, fib_multipath_hash). Within one kernel it has, which no real wire passes on: a
connection's repeats would try other paths. Where a process carries the frames of a wire, it is forgotten: so there is
one before the routers on either way, the carrier's first line and the server's own. A kernel's own netem may keep it.
"""

import dataclasses

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.balanced import BESIDE, balanced
from bothways.lab.model.network import Node, Rewriting
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Visit
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, some
from bothways.lab.recipes.stage import Fault, Stage

PORTS, ONCE = tuple(range(50_001, 50_017)), tuple(range(50_001, 50_041))
"""Source ports of the visits, each tried twice: of sixteen, one path gets at most one in a run of two thousand. Where a
port can be tried once only, it takes more of them to tell by what those that fail differ."""


_LOSES = {"all": "all TCP", "acks": "all but SYNs"}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    campus, is_back = stage.campus, stage.choice("way") == "back"
    family = "ip6" if order.ip == 6 else "ip"
    match = f"{family} {'s' if is_back else 'd'}addr {campus.server_subnet} meta l4proto tcp"
    if stage.choice("drops") == "acks":
        match += " tcp flags & (syn | rst) == 0"
    fault = Fault(
        theory="path-member-fault",
        says=f"one of the carrier's two paths {'back' if is_back else 'there'} loses {_LOSES[stage.choice('drops')]}",
        answer="silent",
        where=campus.where("back" if is_back else "there", *campus.transit[:2]),
    )
    bad = Node(name=BESIDE, router=True, filter=rulesets.stateless(f"{match} counter drop"))
    plant = dataclasses.replace(balanced(campus), nodes=(bad,))
    # What a client has given up in the middle of a connection keeps its port for minutes.
    steps, ports = ((1,), ONCE) if stage.choice("drops") == "acks" else ((1, 2), PORTS)
    visits = [
        stage.site(step=step, source_port=port, patience_s=5.0, expected="either") for step in steps for port in ports
    ]
    scenario = stage.scenario(fault, plant, _signs(stage), visits=[*visits, *_control(stage)])
    return _carried_from_the_server(_sound_has_both(scenario, stage), stage)


def _control(stage: Stage) -> list[Visit]:
    """The mirror is not balanced."""
    return stage.controls()


def _signs(stage: Stage) -> list[Sign]:
    return [
        some("some connections are served", "client", stage.back("client", "data"), at_least=4),
        hits("the bad path drops", BESIDE, "counter", at_least=8),
        some("SYNs leave the campus", "firewall-outside", stage.there("firewall-outside", "syn"), at_least=len(PORTS)),
    ]


def _sound_has_both(scenario: Scenario, stage: Stage) -> Scenario:
    """The mended network keeps both paths: balancing is no fault."""
    if not stage.order.mended:
        return scenario
    return replace(scenario, network=stage.campus.network(balanced(stage.campus)))


def _carried_from_the_server(scenario: Scenario, stage: Stage) -> Scenario:
    """Have a process carry the frames of the server's own link, which changes nothing else of them."""
    ends = {stage.campus.transit[-1], "server"}
    links = [
        replace(link, rewriting=Rewriting(servers=[])) if {link.a.node, link.b.node} == ends else link
        for link in scenario.network.links
    ]
    return replace(scenario, network=replace(scenario.network, links=links))


RECIPE = Recipe(
    name="path-member-fault",
    says="one of two balanced paths drops what its connections send",
    choices={"drops": tuple(_LOSES), "way": ("there", "back")},
    scenario=_scenario,
)
