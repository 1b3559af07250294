"""A SYN reaches the server, and nobody stands behind it."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Visit
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

NOBODY = 14
"""Position in the client's subnet that no host of any plan has."""

COUNT = 3

_SAYS = {
    "nobody": "somebody on the client's network sends SYNs in the name of an address that nobody has",
    "scanner": "a scanner sends SYNs by hand, and a filter on its host lets no reset out",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    how = stage.choice("how")
    where = stage.campus.where("back", "gateway", "client")
    fault = Fault(theory="client-gone-or-spoofed", says=_SAYS[how], answer="silent", where=where)
    plant = Plant()
    if how == "scanner":
        rule = f"tcp flags & rst == rst ip{'6' if order.ip == 6 else ''} daddr {stage.campus.server} counter drop"
        plant = Plant(filters={"client": rulesets.stateless(rule, hook="output")})
    visits = [_visit(stage, how), stage.site(port=MIRROR_PORT, tls=False, expected="done"), *stage.controls()]
    scenario = stage.scenario(fault, plant, _signs(stage, how), visits=visits)
    if how == "scanner":
        return scenario
    # Where nobody is, nobody captures.
    return replace(scenario, captures=[capture for capture in scenario.captures if capture.node != "client"])


def _visit(stage: Stage, how: str) -> Visit:
    """SYNs by hand; mended, those of a client that wants an answer."""
    if stage.order.mended:
        return stage.site(count=COUNT)
    node, source = ("gateway", _source(stage, how)) if how == "nobody" else ("client", "")
    return stage.site(node=node, does="syn", source=source, name="", tls=False, count=COUNT, expected="failed")


def _source(stage: Stage, how: str) -> str:
    return str(stage.plan.inside_subnets[0][NOBODY]) if how == "nobody" else stage.campus.client


def _signs(stage: Stage, how: str) -> list[Sign]:
    port, server = stage.plan.port, stage.campus.server
    seen_as = stage.campus.client_outside if stage.order.choices["nat"] == "yes" else _source(stage, how)
    answers = packets.tcp(server, seen_as, "syn+ack", port)
    signs = [
        some("SYNs reach the server", "server", packets.tcp(seen_as, server, "syn", port), at_least=COUNT),
        # The router's word, after three seconds, ends the repeats (Linux net/ipv4/tcp_ipv4.c, tcp_req_err).
        some("the server answers, again and again", "server", answers, at_least=COUNT * (1 + min(2, stage.repeats))),
        none("and nothing else comes", "server", packets.tcp(seen_as, server, "later", port)),
    ]
    if how == "nobody":
        return [*signs, some("the client's router finds nobody", "server", packets.unreachable(server))]
    arrived = packets.tcp(server, stage.campus.client, "syn+ack", port)
    return [*signs, some("the answers reach the scanner", "client", arrived, at_least=COUNT * (1 + stage.repeats))]


RECIPE = Recipe(
    name="client-gone-or-spoofed",
    says="the server answers SYNs behind which nobody stands",
    choices={"how": ("nobody", "scanner")},
    scenario=_scenario,
)
