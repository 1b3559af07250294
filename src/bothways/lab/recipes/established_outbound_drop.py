"""A rule drops what leaves the campus on connections that are open already, and passes what opens them."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    destination = f"{'ip6' if order.ip == 6 else 'ip'} daddr {stage.campus.server_subnet}"
    if stage.choice("rule") == "state":
        match = f"{destination} ct state established"
        ruleset = rulesets.stateful(first=f"{match} ct direction original counter drop")
    else:
        match = f"{destination} tcp flags"
        ruleset = rulesets.stateless(f"{destination} tcp flags & (syn | ack) == ack counter drop", rulesets.ICMP)
    fault = Fault(
        theory="established-outbound-drop",
        says="a rule drops the client's packets on established connections to the server's prefix",
        answer="silent",
        where=stage.campus.where("there", "firewall"),
    )
    return stage.scenario(fault, Plant(filters={"firewall": ruleset}), _signs(stage, match))


def _signs(stage: Stage, match: str) -> list[Sign]:
    inside, outside = "firewall-inside", "firewall-outside"
    return [
        some("SYNs leave the firewall", outside, stage.there(outside, "syn"), at_least=4),
        some("SYN+ACKs come back through it", inside, stage.back(inside, "syn+ack"), at_least=4),
        some("the ACKs reach the firewall", inside, stage.there(inside, "later"), at_least=4),
        none("none of them leaves it", outside, stage.there(outside, "later")),
        hits("the rule met them", "firewall", match, at_least=4),
    ]


RECIPE = Recipe(
    name="established-outbound-drop",
    says="a rule of the firewall drops outbound packets of established connections",
    choices={"rule": ("state", "flags")},
    scenario=_scenario,
)
