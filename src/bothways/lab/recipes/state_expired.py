"""The firewall forgets a connection, for it was silent for long or all were forgotten, and stops what it says later."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Event, Scenario, Sign
from bothways.lab.model.traffic import Service
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

REMEMBERS_S, IDLE_S = 2, 4
"""How long the firewall keeps a silent connection, and how long this one is silent."""

FORGETS_AFTER_S = 2.0
"""When somebody empties the table, in the midst of that silence."""

_WHY = {"idle": "a silent connection", "flush": "all connections at once, as in a restart"}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    port = stage.plan.port
    resets, why = stage.choice("answer") == "reset", stage.choice("why")
    fault = Fault(
        theory="state-expired",
        says=f"the firewall forgets {_WHY[why]}, and {'resets' if resets else 'drops'} what comes later",
        answer="reset" if resets else "silent",
        where=stage.campus.where("there", "firewall"),
    )
    settings: dict[str, int | str] = {
        **({"net.netfilter.nf_conntrack_tcp_timeout_established": REMEMBERS_S} if why == "idle" else {}),
        # Otherwise a packet from the middle of a connection is taken for one that is to be tracked from here on.
        "net.netfilter.nf_conntrack_tcp_loose": 0,
    }
    ruleset = rulesets.stateful(invalid=rulesets.RESET if resets else rulesets.DROP)
    services = [
        Service(node="server", port=port, speaks="echo"),
        Service(node="server", port=MIRROR_PORT),
        Service(node="mirror", port=port, speaks="echo"),
    ]
    visits = [
        replace(stage.talk("echo", idle_s=IDLE_S), count=2, expected="failed"),
        stage.talk("echo"),
        stage.talk("echo", to=stage.campus.mirror),
        stage.site(port=MIRROR_PORT, tls=False, expected="done"),
    ]
    events = (Event(node="firewall", after_s=FORGETS_AFTER_S),) if why == "flush" else ()
    plant = Plant(filters={"firewall": ruleset}, settings={"firewall": settings}, events=events)
    return stage.scenario(fault, plant, _signs(stage, resets=resets), services=services, visits=visits)


def _signs(stage: Stage, *, resets: bool) -> list[Sign]:
    port = stage.plan.port
    inside, outside = "firewall-inside", "firewall-outside"
    signs = [
        some("the connections work at first", "server", stage.there("server", "data", port), at_least=4, at_most=4),
        some("later the client's data reaches the firewall", inside, stage.there(inside, "data", port), at_least=6),
        some("and does not leave it", outside, stage.there(outside, "data", port), at_least=4, at_most=4),
        hits("the firewall's rule against what fits no connection met it", "firewall", "ct state invalid", at_least=2),
    ]
    if resets:
        signs.append(some("the client is reset", "client", stage.back("client", "reset", port), at_least=2))
    return signs


RECIPE = Recipe(
    name="state-expired",
    says="the firewall forgets a connection that is open",
    choices={"answer": ("silent", "reset"), "why": tuple(_WHY)},
    scenario=_scenario,
)
