"""The server answers, and its SYN+ACK never reaches the campus."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Route, Rule
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.stage import Fault, Stage

NOWHERE = 101
"""The routing table of what the border has no route for."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    campus, filtered = stage.campus, stage.choice("how") == "filtered"
    if filtered:
        match = f"{'ip6' if order.ip == 6 else 'ip'} saddr {campus.server_subnet}"
        plant = Plant(filters={"border": rulesets.stateless(f"{match} meta l4proto tcp counter drop")})
        says = "a rule of the border drops all TCP that comes from the server's prefix"
    else:
        plant = Plant(
            rules=(Rule(node="border", source=campus.server_subnet, to=campus.client_subnet, table=NOWHERE),),
            routes=(Route(node="border", to=campus.client_subnet, kind="blackhole", table=NOWHERE),),
        )
        says = "the border has no route back to the client for what comes from the server"
    fault = Fault(theory="reply-lost", says=says, answer="silent", where=campus.where("back", "border"))
    signs = [
        Sign(
            says="SYNs reach the server, again and again",
            capture="server",
            match=stage.there("server", "syn"),
            at_least=4,
        ),
        Sign(
            says="the server answers them",
            capture="server",
            match=stage.back("server", "syn+ack"),
            at_least=4 * (1 + stage.repeats),
        ),
        Sign(
            says="no answer reaches the firewall",
            capture="firewall-outside",
            match=stage.back("firewall-outside", "any"),
            at_least=0,
            at_most=0,
        ),
        Sign(
            says="none reaches the client", capture="client", match=stage.back("client", "any"), at_least=0, at_most=0
        ),
    ]
    if filtered:
        signs.append(
            Sign(says="the border's rule met them", ruleset="border", match="saddr", at_least=4 * (1 + stage.repeats))
        )
    return stage.scenario(fault, plant, signs)


RECIPE = Recipe(
    name="reply-lost",
    says="the server's SYN+ACK is lost on its way back",
    choices={"how": ("no-route", "filtered")},
    scenario=_scenario,
)
