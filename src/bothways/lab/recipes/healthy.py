"""Nothing is wrong, in the many shapes that this has."""

from typing import Literal

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.balanced import balanced
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Quality
from bothways.lab.model.scenario import Scenario
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes.recipe import COMMON, Order, Recipe
from bothways.lab.recipes.sequence_rewritten import shifting
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import Fault, Stage
from bothways.lab.recipes.syn_proxy import proxied

VLAN = 214

DEFERRED_S = 3

_SAYS = {
    "symmetric": "both ways go through the firewall",
    "asymmetric": "replies go around the filter, which keeps no state",
    "lossy": "the carrier loses one packet in a hundred, and TCP repairs it",
    "deferred": "the server defers accepting until data comes, and clients are silent at first",
    "server-first": "the server speaks first",
    "idle": "connections are silent for a while, and go on",
    "balanced": "the carrier balances connections over two paths",
    "proxied": "a SYN proxy answers for the server, and passes on what is acknowledged",
    "randomised": "a device randomises the client's sequence numbers, and undoes it on the way back",
    "vlan": "the link between distribution and firewall carries tagged frames",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    shape = stage.choice("shape")
    fault = Fault(theory="healthy", says=f"nothing is wrong: {_SAYS[shape]}")
    services, visits = _traffic(stage, shape)
    signs = [some("the server's answers reach the client", "client", stage.back("client", "data"))]
    return stage.scenario(fault, _plant(stage, shape), signs, services=services, visits=visits)


def _plant(stage: Stage, shape: str) -> Plant:
    lossy = Quality(loss=0.01)
    planted = {
        "lossy": Plant(there=lossy, back=lossy),
        "vlan": Plant(vlan=VLAN),
        "randomised": Plant(rewriting=shifting(stage, back=True)),
    }
    match shape:
        case "asymmetric":
            return stage.campus.back_around() + Plant(filters={"firewall": rulesets.stateless(rulesets.ICMP)})
        case "balanced":
            return balanced(stage.campus)
        case "proxied":
            return proxied(stage)
        case _:
            return planted.get(shape, Plant())


def _traffic(stage: Stage, shape: str) -> tuple[list[Service], list[Visit]]:
    """What the site is, and what its visitors do, in the shapes that are about that; else the usual."""
    match shape:
        case "lossy":
            return stage.web(), [stage.site(count=4, size=100_000, expected="done"), *stage.controls()]
        case "deferred":
            silent = stage.talk("silent", idle_s=DEFERRED_S + 1)
            return _everywhere(stage, "echo", defer_s=DEFERRED_S), [
                silent,
                replace(silent, idle_s=0.0),
                stage.talk("leave", idle_s=2),
            ]
        case "server-first":
            return _everywhere(stage, "greeting"), [replace(stage.talk("greeting"), count=3)]
        case "idle":
            return _everywhere(stage, "echo"), [
                replace(stage.talk("echo", idle_s=4), count=2),
                stage.talk("echo", to=stage.campus.mirror),
            ]
        case _:
            return stage.web(), stage.visits("done")


def _everywhere(stage: Stage, speaks: Literal["echo", "greeting"], *, defer_s: int = 0) -> list[Service]:
    return [Service(node=node, port=stage.plan.port, speaks=speaks, defer_s=defer_s) for node in ("server", "mirror")]


RECIPE = Recipe(
    name="healthy",
    says="nothing is wrong, in many shapes",
    choices={"shape": tuple(_SAYS), "nat": COMMON["nat"]},
    scenario=_scenario,
    mendable=False,
)
