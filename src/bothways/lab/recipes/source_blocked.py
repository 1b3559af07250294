"""A filter drops by the client's address, and lets the client next door pass."""

from typing import Literal

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.grown import end
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Link, Node, Route
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Visit
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

NEIGHBOUR = "neighbour"
"""Another client of the campus, on a link of its own at the same gateway."""

FREE_SUBNET = -1
"""Which of the campus' subnets nobody else uses."""

Answer = Literal["silent", "reset", "icmp"]

_ACTIONS: dict[str, tuple[Answer, str]] = {
    "silent": ("silent", f"counter {rulesets.DROP}"),
    "reset": ("reset", f"meta l4proto tcp counter {rulesets.RESET}"),
    "icmp": ("icmp", f"counter {rulesets.PROHIBITED}"),
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    campus, far = stage.campus, stage.choice("at") == "server"
    answer, action = _ACTIONS[stage.choice("answer")]
    whom = campus.client_subnet if stage.choice("who") == "prefix" else campus.client
    match = f"{'ip6' if order.ip == 6 else 'ip'} saddr {whom}"
    if far:
        node = campus.transit[-1]
        # The server hangs on this interface; the mirror, on the next one, is spared.
        plant = Plant(filters={node: rulesets.stateless(f'oifname "eth1" {match} {action}')})
    else:
        node = "firewall"
        plant = Plant(filters={node: rulesets.stateful(first=f"{match} {action}")})
    fault = Fault(
        theory="source-blocked",
        says=f"a rule {'in front of the server' if far else 'of the firewall'} stops what comes from the client",
        answer=answer,
        where=campus.where("there", node),
    )
    visits = [visit for visit in stage.visits("failed") if visit.to == campus.server]
    visits += [stage.site(to=campus.mirror, expected="done" if far else "failed"), *_next_door(stage)]
    scenario = stage.scenario(fault, plant, _signs(stage, node, match, answer), visits=visits)
    return _with_neighbour(scenario, stage)


def _next_door(stage: Stage) -> list[Visit]:
    """The neighbour asks for the same, and gets it."""
    site = stage.site(node=NEIGHBOUR, count=2, expected="done")
    return [site, replace(site, port=MIRROR_PORT, tls=False, count=1)]


def _with_neighbour(scenario: Scenario, stage: Stage) -> Scenario:
    """One more client, in the sound network, too."""
    campus = stage.campus
    lan = stage.plan.inside_subnets[FREE_SUBNET]
    default = "default" if stage.plan.ip == 4 else "default6"
    routes = (
        Route(node=NEIGHBOUR, to=default, via=str(lan[1])),
        Route(node="distribution", to=str(lan), via=campus.address("gateway", "eth1")),
    )
    network = replace(
        scenario.network,
        nodes=[*scenario.network.nodes, Node(name=NEIGHBOUR)],
        links=[*scenario.network.links, Link(a=end(NEIGHBOUR, 0, lan, 9), b=end("gateway", 2, lan, 1))],
        routes=[*scenario.network.routes, *routes],
    )
    return replace(scenario, network=network)


def _signs(stage: Stage, node: str, match: str, answer: Answer) -> list[Sign]:
    inside = "firewall-inside"
    signs = [
        some("SYNs reach the firewall", inside, stage.there(inside, "syn"), at_least=4),
        hits("the rule met them", node, match, at_least=4),
        some("others are served", "firewall-outside", f"tcp and src host {stage.campus.server}"),
    ]
    if node == "firewall":
        signs.append(none("none of them leaves it", "firewall-outside", stage.there("firewall-outside", "any")))
    match answer:
        case "reset":
            signs.append(some("the client is reset", "client", stage.back("client", "reset"), at_least=4))
        case "icmp":
            told = packets.unreachable(stage.campus.client)
            signs.append(some("the filter tells the client", "client", told, at_least=4))
        case "silent":
            signs.append(none("the client hears nothing", "client", stage.back("client", "any")))
    return signs


RECIPE = Recipe(
    name="source-blocked",
    says="a filter drops by the client's address, and lets the client next door pass",
    choices={"answer": ("silent", "reset", "icmp"), "at": ("firewall", "server"), "who": ("address", "prefix")},
    scenario=_scenario,
    # Behind one address nobody in front of the server can tell the two clients apart.
    unless=({"at": "server", "nat": "yes"},),
)
