"""One of two paths through the carrier is bad: connections that a router's hash puts on it fail."""

import dataclasses

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.balanced import BESIDE, balanced
from bothways.lab.model.network import Node
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Visit
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, some
from bothways.lab.recipes.stage import Fault, Stage

PORTS = tuple(range(50_001, 50_013))
"""Source ports of the visits, each tried twice: of twelve, one path gets all or none in one of two thousand runs."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    campus, back = stage.campus, stage.choice("way") == "back"
    family = "ip6" if order.ip == 6 else "ip"
    match = f"{family} {'saddr' if back else 'daddr'} {campus.server_subnet} meta l4proto tcp"
    if stage.choice("drops") == "acks":
        match += " tcp flags & (syn | rst) == 0"
    fault = Fault(
        theory="path-member-fault",
        says=f"one of the carrier's two paths loses {'all but SYNs' if stage.choice('drops') == 'acks' else 'all TCP'}",
        answer="silent",
        where=campus.where(
            "back" if back else "there", campus.transit[1 if back else 0], campus.transit[0 if back else 1]
        ),
    )
    bad = Node(name=BESIDE, router=True, filter=rulesets.stateless(f"{match} counter drop"))
    plant = dataclasses.replace(balanced(campus), nodes=(bad,))
    # What a client has given up in the middle of a connection keeps its port for minutes.
    steps = (1,) if stage.choice("drops") == "acks" else (1, 2)
    visits = [
        stage.site(step=step, source_port=port, patience_s=5.0, expected="either") for step in steps for port in PORTS
    ]
    return _sound_has_both(stage.scenario(fault, plant, _signs(stage), visits=[*visits, *_control(stage)]), stage)


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


RECIPE = Recipe(
    name="path-member-fault",
    says="one of two balanced paths drops what its connections send",
    choices={"drops": ("all", "acks"), "way": ("there", "back")},
    scenario=_scenario,
    # A reply's SYN+ACK is dropped or not; what follows it on the way back comes only after the handshake.
    unless=({"drops": "acks", "way": "back"},),
)
