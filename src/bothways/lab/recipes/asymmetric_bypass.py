"""Replies skip the stateful firewall, which then drops what the client goes on to say."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service
from bothways.lab.recipes.recipe import COMMON, Order, Recipe
from bothways.lab.recipes.stage import Fault, Stage

LOOSE = "net.netfilter.nf_conntrack_tcp_loose"


CONNECTIONS = 4
"""To the server: the usual visits, or as many that wait for the server to speak first, as SSH and SMTP do."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    resets = stage.choice("answer") == "reset"
    ruleset = rulesets.stateful(
        invalid=rulesets.RESET if resets else rulesets.DROP, before_routing=stage.choice("filter") == "before-routing"
    )
    settings: dict[str, int | str] = {LOOSE: int(stage.choice("pickup") == "loose")}
    plant = stage.campus.back_around() + Plant(filters={"firewall": ruleset}, settings={"firewall": settings})
    fault = Fault(
        theory="asymmetric-bypass",
        says="the server's replies skip the stateful firewall, which "
        + ("resets" if resets else "drops")
        + " the client's ACK",
        answer="reset" if resets else "silent",
        where=stage.campus.where("there", "firewall"),
    )
    if stage.choice("client") == "web":
        return stage.scenario(fault, plant, _signs(stage, resets=resets))
    services = [Service(node=node, port=stage.plan.port, speaks="greeting") for node in ("server", "mirror")]
    silent = stage.talk("greeting")
    visits = [replace(silent, count=CONNECTIONS, expected="failed"), replace(silent, to=stage.campus.mirror)]
    return stage.scenario(fault, plant, _signs(stage, resets=resets), services=services, visits=visits)


def _signs(stage: Stage, *, resets: bool) -> list[Sign]:
    inside, outside = "firewall-inside", "firewall-outside"
    signs = [
        Sign(says="SYNs leave the firewall", capture=outside, match=stage.there(outside, "syn"), at_least=CONNECTIONS),
        Sign(
            says="the ACKs reach the firewall", capture=inside, match=stage.there(inside, "later"), at_least=CONNECTIONS
        ),
        Sign(
            says="none of them leaves it", capture=outside, match=stage.there(outside, "later"), at_least=0, at_most=0
        ),
        Sign(
            says="no reply passes the firewall",
            capture=outside,
            match=stage.back(outside, "any"),
            at_least=0,
            at_most=0,
        ),
        Sign(
            says="the replies reach the client all the same",
            capture="client",
            match=stage.back("client", "syn+ack"),
            at_least=CONNECTIONS,
        ),
        Sign(
            says="the firewall's rule against what fits no connection met them",
            ruleset="firewall",
            match="ct state invalid",
            at_least=CONNECTIONS,
        ),
        Sign(
            says="the server says its SYN+ACK again",
            capture="server",
            match=stage.back("server", "syn+ack"),
            at_least=CONNECTIONS * (1 + stage.repeats),
        ),
    ]
    if resets:
        signs.append(
            Sign(
                says="the client is reset", capture="client", match=stage.back("client", "reset"), at_least=CONNECTIONS
            )
        )
    return signs


RECIPE = Recipe(
    name="asymmetric-bypass",
    says="replies skip the stateful firewall, which drops the client's ACK",
    choices={
        "answer": ("silent", "reset"),
        "pickup": ("loose", "strict"),
        "filter": ("after-routing", "before-routing"),
        "client": ("web", "silent"),
        "nat": COMMON["nat"],
    },
    scenario=_scenario,
)
