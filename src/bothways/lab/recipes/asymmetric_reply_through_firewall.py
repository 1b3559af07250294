"""The client's packets skip the stateful firewall, which then drops the replies that meet it."""

from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.stage import Fault, Stage


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    fault = Fault(
        theory="asymmetric-reply-through-firewall",
        says="the client's SYN skips the stateful firewall, which drops the SYN+ACK that meets it",
        answer="silent",
        where=stage.campus.where("back", "firewall"),
    )
    return stage.scenario(fault, stage.campus.there_around(), _signs(stage))


def _signs(stage: Stage) -> list[Sign]:
    inside, outside = "firewall-inside", "firewall-outside"
    return [
        Sign(
            says="no SYN passes the firewall", capture=inside, match=stage.there(inside, "syn"), at_least=0, at_most=0
        ),
        Sign(
            says="SYNs reach the server all the same", capture="server", match=stage.there("server", "syn"), at_least=4
        ),
        Sign(says="SYN+ACKs reach the firewall", capture=outside, match=stage.back(outside, "syn+ack"), at_least=4),
        Sign(says="none of them leaves it", capture=inside, match=stage.back(inside, "any"), at_least=0, at_most=0),
        Sign(
            says="the firewall's rule against what fits no connection met them",
            ruleset="firewall",
            match="ct state invalid",
            at_least=4,
        ),
    ]


RECIPE = Recipe(
    name="asymmetric-reply-through-firewall",
    says="the client's SYN skips the stateful firewall, which drops the SYN+ACK",
    scenario=_scenario,
)
