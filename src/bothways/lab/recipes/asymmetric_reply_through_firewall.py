"""The client's packets skip the stateful firewall, which then drops the replies that meet it."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    fault = Fault(
        theory="asymmetric-reply-through-firewall",
        says="the client's SYN skips the stateful firewall, which drops the SYN+ACK that meets it",
        answer="silent",
        where=stage.campus.where("back", "firewall"),
    )
    invalid = rulesets.RESET if stage.choice("answer") == "reset" else rulesets.DROP
    plant = stage.campus.there_around() + Plant(filters={"firewall": rulesets.stateful(invalid=invalid)})
    return stage.scenario(fault, plant, _signs(stage))


def _signs(stage: Stage) -> list[Sign]:
    inside, outside = "firewall-inside", "firewall-outside"
    return [
        none("no SYN passes the firewall", inside, stage.there(inside, "syn")),
        some("SYNs reach the server all the same", "server", stage.there("server", "syn"), at_least=4),
        some("SYN+ACKs reach the firewall", outside, stage.back(outside, "syn+ack"), at_least=4),
        none("none of them leaves it", inside, stage.back(inside, "any")),
        hits(
            "the firewall's rule against what fits no connection met them", "firewall", "ct state invalid", at_least=4
        ),
    ]


RECIPE = Recipe(
    name="asymmetric-reply-through-firewall",
    says="the client's SYN skips the stateful firewall, which drops the SYN+ACK",
    choices={"answer": ("silent", "reset")},
    scenario=_scenario,
)
