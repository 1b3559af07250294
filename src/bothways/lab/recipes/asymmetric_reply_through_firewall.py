"""The client's packets skip the stateful firewall, which then drops the replies that meet it."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    resets = stage.choice("answer") == "reset"
    fault = Fault(
        theory="asymmetric-reply-through-firewall",
        says="the client's SYN skips the stateful firewall, which meets the SYN+ACK and "
        + ("resets the server" if resets else "drops it"),
        # The client hears nothing, whoever is told.
        answer="silent",
        where=stage.campus.where("back", "firewall"),
    )
    plant = stage.campus.there_around()
    if resets:
        plant += Plant(filters={"firewall": rulesets.stateful(invalid=rulesets.RESET)})
    return stage.scenario(fault, plant, _signs(stage))


def _signs(stage: Stage) -> list[Sign]:
    inside, outside = "firewall-inside", "firewall-outside"
    signs = [
        none("no SYN passes the firewall", inside, stage.there(inside, "syn")),
        some("SYNs reach the server all the same", "server", stage.there("server", "syn"), at_least=4),
        some("SYN+ACKs reach the firewall", outside, stage.back(outside, "syn+ack"), at_least=4),
        none("none of them leaves it", inside, stage.back(inside, "any")),
        hits(
            "the firewall's rule against what fits no connection met them", "firewall", "ct state invalid", at_least=4
        ),
    ]
    if stage.choice("answer") == "reset":
        signs.append(some("the server is reset", "server", stage.there("server", "reset"), at_least=4))
    return signs


RECIPE = Recipe(
    name="asymmetric-reply-through-firewall",
    says="the client's SYN skips the stateful firewall, which drops the SYN+ACK",
    choices={"answer": ("silent", "reset")},
    scenario=_scenario,
)
