"""The firewall holds as many connections as it may: those go on, and no new one gets a place.

The size of Linux' table is the whole machine's and not a namespace's (`nf_conntrack_max` can be written in the first
one only), so the bound is a rule's: `ct count over`, which counts entries of the table as the table itself would.
"""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

PLACES = 6


def _scenario(order: Order) -> Scenario:
    # What a TCP traceroute opens counts, too.
    stage = Stage(order=order, traced_port=MIRROR_PORT)
    port = stage.plan.port
    fault = Fault(
        theory="state-table-full",
        says=f"the firewall holds {PLACES} connections, as many as it may, and drops the SYN of each new one",
        answer="silent",
        where=stage.campus.where("there", "firewall"),
    )
    services = [
        Service(node="server", port=port),
        Service(node="server", port=MIRROR_PORT),
        Service(node="mirror", port=port),
    ]
    held = stage.site(to=stage.campus.mirror, tls=False, does="hold", count=PLACES, expected="done")
    late = stage.site(tls=False, does="ask", step=2, expected="failed")
    visits = [held, replace(late, count=3), replace(late, to=stage.campus.mirror)]
    full = f"meta l4proto tcp ct state new ct count over {PLACES} counter drop"
    plant = Plant(filters={"firewall": rulesets.stateful(first=full)})
    return stage.scenario(fault, plant, _signs(stage), services=services, visits=visits)


def _signs(stage: Stage) -> list[Sign]:
    inside, outside, port = "firewall-inside", "firewall-outside", stage.plan.port
    tries = 1 + stage.repeats
    works = packets.tcp(stage.campus.mirror, stage.campus.client, "data", port)
    return [
        some("the first connections work", "client", works, at_least=PLACES),
        some("more SYNs reach the firewall", inside, stage.there(inside, "syn", port), at_least=3 * tries),
        none("and do not leave it", outside, stage.there(outside, "syn", port)),
        none("none is refused", "client", stage.back("client", "reset", port)),
        hits("the rule that counts connections met them", "firewall", "ct count over", at_least=3 * tries),
    ]


RECIPE = Recipe(
    name="state-table-full",
    says="the firewall holds as many connections as it may, and drops the SYNs of new ones",
    scenario=_scenario,
)
