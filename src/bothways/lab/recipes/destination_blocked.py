"""A block rule whose prefix was mistyped hits the server."""

import ipaddress
from typing import Literal

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage

Answer = Literal["silent", "reset", "icmp"]

_RULES: dict[str, tuple[Answer, str]] = {
    "silent": ("silent", f"counter {rulesets.DROP}"),
    # Only TCP can be reset; a path tool's ICMP passes.
    "reset": ("reset", f"meta l4proto tcp counter {rulesets.RESET}"),
    "icmp": ("icmp", f"counter {rulesets.PROHIBITED}"),
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    answer, action = _RULES[stage.choice("answer")]
    # As wide as a slip of a digit makes it; the mirror is outside.
    prefix = ipaddress.ip_network(stage.campus.server_subnet).supernet(new_prefix=24 if order.ip == 4 else 48)
    match = f"{'ip6' if order.ip == 6 else 'ip'} daddr {prefix}"
    fault = Fault(
        theory="destination-blocked",
        says="a rule of the firewall, whose prefix was mistyped, stops everything to the server's range",
        answer=answer,
        where=stage.campus.where("there", "firewall"),
    )
    plant = Plant(filters={"firewall": rulesets.stateful(first=f"{match} {action}")})
    return stage.scenario(fault, plant, _signs(stage, match, answer))


def _signs(stage: Stage, match: str, answer: Answer) -> list[Sign]:
    inside, outside = "firewall-inside", "firewall-outside"
    client = stage.campus.client
    signs = [
        some("SYNs reach the firewall", inside, stage.there(inside, "syn"), at_least=4),
        none("none of them leaves it", outside, stage.there(outside, "any")),
        hits("the rule met them", "firewall", match, at_least=4),
    ]
    match answer:
        case "reset":
            signs.append(some("the client is reset", "client", stage.back("client", "reset"), at_least=4))
        case "icmp":
            sent = f"src host {stage.campus.address('firewall')} and {packets.unreachable(client)}"
            signs.append(some("the firewall tells the client", "client", sent, at_least=4))
        case "silent":
            signs.append(none("the client hears nothing", "client", stage.back("client", "any")))
    return signs


RECIPE = Recipe(
    name="destination-blocked",
    says="a mistyped prefix in a block rule of the firewall hits the server",
    choices={"answer": ("silent", "reset", "icmp")},
    scenario=_scenario,
)
