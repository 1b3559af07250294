"""The server answers, and its SYN+ACK never reaches the campus."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Route, Rule
from bothways.lab.model.scenario import Scenario
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage

NOWHERE = 101
"""The routing table of what the border has no route for."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    campus, filtered, told = stage.campus, stage.choice("how") == "filtered", stage.choice("how") == "no-route"
    if filtered:
        match = f"{'ip6' if order.ip == 6 else 'ip'} saddr {campus.server_subnet}"
        plant = Plant(filters={"border": rulesets.stateless(f"{match} meta l4proto tcp counter drop")})
        says = "a rule of the border drops all TCP that comes from the server's prefix"
    else:
        plant = Plant(
            rules=(Rule(node="border", source=campus.server_subnet, to=campus.client_subnet, table=NOWHERE),),
            routes=(
                Route(
                    node="border",
                    to=campus.client_subnet,
                    kind="unreachable" if told else "blackhole",
                    table=NOWHERE,
                ),
            ),
        )
        says = "the border has no route back to the client for what comes from the server"
        says += ", and tells the server" if told else ", and tells nobody"
    fault = Fault(theory="reply-lost", says=says, answer="silent", where=campus.where("back", "border"))
    signs = [
        some("SYNs reach the server, again and again", "server", stage.there("server", "syn"), at_least=4),
        some("the server answers them", "server", stage.back("server", "syn+ack"), at_least=4 * (1 + stage.repeats)),
        none("no answer reaches the firewall", "firewall-outside", stage.back("firewall-outside", "any")),
        none("none reaches the client", "client", stage.back("client", "any")),
    ]
    if filtered:
        signs.append(hits("the border's rule met them", "border", "saddr", at_least=4 * (1 + stage.repeats)))
    return stage.scenario(fault, plant, signs)


RECIPE = Recipe(
    name="reply-lost",
    says="the server's SYN+ACK is lost on its way back",
    choices={"how": ("no-route", "filtered", "black-hole")},
    scenario=_scenario,
)
