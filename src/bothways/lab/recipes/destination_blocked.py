"""A block rule whose prefix was mistyped hits the server."""

import ipaddress
from typing import Literal

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
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
        Sign(says="SYNs reach the firewall", capture=inside, match=stage.there(inside, "syn"), at_least=4),
        Sign(says="none of them leaves it", capture=outside, match=stage.there(outside, "any"), at_least=0, at_most=0),
        Sign(says="the rule met them", ruleset="firewall", match=match, at_least=4),
    ]
    match answer:
        case "reset":
            signs.append(
                Sign(says="the client is reset", capture="client", match=stage.back("client", "reset"), at_least=4)
            )
        case "icmp":
            sent = f"src host {stage.campus.address('firewall')} and {packets.unreachable(client)}"
            signs.append(Sign(says="the firewall tells the client", capture="client", match=sent, at_least=4))
        case "silent":
            signs.append(
                Sign(
                    says="the client hears nothing",
                    capture="client",
                    match=stage.back("client", "any"),
                    at_least=0,
                    at_most=0,
                )
            )
    return signs


RECIPE = Recipe(
    name="destination-blocked",
    says="a mistyped prefix in a block rule of the firewall hits the server",
    choices={"answer": ("silent", "reset", "icmp")},
    scenario=_scenario,
)
