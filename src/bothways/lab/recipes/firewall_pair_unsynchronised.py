"""Each way passes a stateful firewall of its own, and the second never heard of what the first one let through."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.grown import end
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Link, Name, Node, Route, Rule
from bothways.lab.model.scenario import Capture, Scenario, Sign, Where
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage

SECOND = "firewall-2"
TABLE = 101
"""The routing table of what goes through the second firewall."""

INSIDE, OUTSIDE = f"{SECOND}-inside", f"{SECOND}-outside"


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    near, far = stage.plan.inside_subnets[-2:]
    resets = stage.choice("answer") == "reset"
    fault = Fault(
        theory="firewall-pair-unsynchronised",
        says="the SYN passes one stateful firewall, the SYN+ACK meets another one that knows nothing of it and "
        + ("resets the server" if resets else "drops it"),
        answer="silent",
        where=Where(way="back", between=[SECOND], addresses=[str(near[2]), str(far[1])]),
    )
    scenario = stage.scenario(fault, back_through_the_second(stage), _signs(stage))
    return paired(stage, scenario, rulesets.RESET if resets else rulesets.DROP)


def paired(stage: Stage, scenario: Scenario, invalid: str) -> Scenario:
    """Put a second stateful firewall beside the first; *invalid* is what it does to packets that fit no connection.

    The mirror is reached through it, both ways. In the mended network it drops them, as any does.
    """
    ruleset = rulesets.stateful(invalid=rulesets.DROP if stage.order.mended else invalid)
    return replace(
        scenario,
        network=replace(
            scenario.network,
            nodes=[*scenario.network.nodes, Node(name=SECOND, router=True, filter=ruleset)],
            links=[*scenario.network.links, *_links(stage)],
            routes=[*scenario.network.routes, *_routes(stage)],
            rules=[*scenario.network.rules, *_mirrors_way(stage)],
            names=[*scenario.network.names, *_names(stage)],
        ),
        captures=[
            *scenario.captures,
            Capture(name=INSIDE, node=SECOND, interface="eth0"),
            Capture(name=OUTSIDE, node=SECOND, interface="eth1"),
        ],
        state=[*scenario.state, SECOND],
    )


def _links(stage: Stage) -> list[Link]:
    """Beside the link around the firewall: the second firewall stands between the same two routers."""
    near, far = stage.plan.inside_subnets[-2:]
    return [
        Link(a=end("distribution", 3, near, 1), b=end(SECOND, 0, near, 2)),
        Link(a=end(SECOND, 1, far, 1), b=end(stage.plan.around, 3, far, 2)),
    ]


def _names(stage: Stage) -> list[Name]:
    """The second firewall is called like the first one, with a letter more."""
    label, _, domain = stage.plan.devices["firewall"].partition(".")
    near, far = stage.plan.inside_subnets[-2:]
    return [
        Name(address=str(address), name=f"{interface}.{label}b.{domain}")
        for interface, address in (("eth0", near[2]), ("eth1", far[1]))
    ]


def _routes(stage: Stage) -> list[Route]:
    near, far = stage.plan.inside_subnets[-2:]
    default = "default" if stage.plan.ip == 4 else "default6"
    inside, mirror = str(stage.plan.inside), str(stage.plan.mirror_subnet)
    return [
        Route(node=SECOND, to=default, via=str(far[2])),
        Route(node=SECOND, to=inside, via=str(near[1])),
        Route(node="distribution", to=mirror, via=str(near[2]), table=TABLE),
        Route(node=stage.plan.around, to=stage.campus.client_subnet, via=str(far[1]), table=TABLE),
    ]


def _mirrors_way(stage: Stage) -> list[Rule]:
    """The mirror is reached through the second firewall, both ways: it works, for what it knows."""
    mirror = str(stage.plan.mirror_subnet)
    return [
        Rule(node="distribution", to=mirror, table=TABLE),
        Rule(node=stage.plan.around, source=mirror, to=stage.campus.client_subnet, table=TABLE),
    ]


def back_through_the_second(stage: Stage) -> Plant:
    """What the server says comes back through the other firewall than what it was told came by."""
    campus, at = stage.campus, stage.plan.around
    return Plant(rules=(Rule(node=at, source=campus.server_subnet, to=campus.client_subnet, table=TABLE),))


def _signs(stage: Stage) -> list[Sign]:
    first = "firewall-outside"
    return [
        some("SYNs leave the first firewall", first, stage.there(first, "syn"), at_least=4),
        none("no reply passes it", first, stage.back(first, "any")),
        none("no SYN passes the second firewall", INSIDE, stage.there(INSIDE, "syn")),
        some("SYN+ACKs reach the second firewall", OUTSIDE, stage.back(OUTSIDE, "syn+ack"), at_least=4),
        none("none of them leaves it", INSIDE, stage.back(INSIDE, "any")),
        hits("its rule against what fits no connection met them", SECOND, "ct state invalid", at_least=4),
    ]


RECIPE = Recipe(
    name="firewall-pair-unsynchronised",
    says="each way passes another stateful firewall; the second drops a SYN+ACK that it knows nothing of",
    choices={"answer": ("silent", "reset")},
    scenario=_scenario,
)
