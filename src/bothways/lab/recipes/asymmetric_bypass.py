"""Replies skip the stateful firewall, which then drops what the client goes on to say."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service
from bothways.lab.recipes.firewall_pair_unsynchronised import back_through_the_second, paired
from bothways.lab.recipes.recipe import COMMON, Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage

LOOSE = "net.netfilter.nf_conntrack_tcp_loose"


CONNECTIONS = 4
"""To the server: the usual visits, or as many that wait for the server to speak first, as SSH and SMTP do."""


_SKIP = {
    "link": "skip the stateful firewall",
    # It takes part in nothing: who drops is the one that the replies skip.
    "lax-firewall": "pass another firewall, which takes what fits no connection, and skip the stateful one",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    resets = stage.choice("answer") == "reset"
    ruleset = rulesets.stateful(
        invalid=rulesets.RESET if resets else rulesets.DROP, before_routing=stage.choice("filter") == "before-routing"
    )
    settings: dict[str, int | str] = {LOOSE: int(stage.choice("pickup") == "loose")}
    lax = stage.choice("around") == "lax-firewall"
    back = back_through_the_second(stage) if lax else stage.campus.back_around()
    plant = back + Plant(filters={"firewall": ruleset}, settings={"firewall": settings})
    fault = Fault(
        theory="asymmetric-bypass",
        says=f"the server's replies {_SKIP[stage.choice('around')]}, which {'resets' if resets else 'drops'} "
        "the client's ACK",
        answer="reset" if resets else "silent",
        where=stage.campus.where("there", "firewall"),
    )
    scenario = _visited(stage, fault, plant, _signs(stage, resets=resets))
    return paired(stage, scenario, rulesets.TAKE) if lax else scenario


def _visited(stage: Stage, fault: Fault, plant: Plant, signs: list[Sign]) -> Scenario:
    if stage.choice("client") == "web":
        return stage.scenario(fault, plant, signs)
    services = [Service(node=node, port=stage.plan.port, speaks="greeting") for node in ("server", "mirror")]
    silent = stage.talk("greeting")
    visits = [replace(silent, count=CONNECTIONS, expected="failed"), replace(silent, to=stage.campus.mirror)]
    return stage.scenario(fault, plant, signs, services=services, visits=visits)


def _signs(stage: Stage, *, resets: bool) -> list[Sign]:
    inside, outside = "firewall-inside", "firewall-outside"
    signs = [
        some("SYNs leave the firewall", outside, stage.there(outside, "syn"), at_least=CONNECTIONS),
        some("the ACKs reach the firewall", inside, stage.there(inside, "later"), at_least=CONNECTIONS),
        none("none of them leaves it", outside, stage.there(outside, "later")),
        none("no reply passes the firewall", outside, stage.back(outside, "any")),
        some(
            "the replies reach the client all the same", "client", stage.back("client", "syn+ack"), at_least=CONNECTIONS
        ),
        hits(
            "the firewall's rule against what fits no connection met them",
            "firewall",
            "ct state invalid",
            at_least=CONNECTIONS,
        ),
        some(
            "the server says its SYN+ACK again",
            "server",
            stage.back("server", "syn+ack"),
            at_least=CONNECTIONS * (1 + stage.repeats),
        ),
    ]
    if resets:
        signs.append(some("the client is reset", "client", stage.back("client", "reset"), at_least=CONNECTIONS))
    return signs


RECIPE = Recipe(
    name="asymmetric-bypass",
    says="replies skip the stateful firewall, which drops the client's ACK",
    choices={
        "answer": ("silent", "reset"),
        "pickup": ("loose", "strict"),
        "filter": ("after-routing", "before-routing"),
        "client": ("web", "silent"),
        "around": tuple(_SKIP),
        "nat": COMMON["nat"],
    },
    scenario=_scenario,
)
