"""Two routers of the carrier send the server's prefix to each other."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Route
from bothways.lab.model.scenario import Scenario
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    campus = stage.campus
    first, second = campus.transit[:2]
    plant = Plant(
        routes=(Route(node=second, to=f"{campus.server}/{campus.host_length}", via=campus.address(first, "eth1")),)
    )
    filtered = stage.choice("icmp") == "filtered"
    match_ = rulesets.errors_about_tcp("exceeded", order.ip)
    if filtered:
        plant += Plant(filters={"firewall": rulesets.stateful(first=f"{match_} counter drop")})
    fault = Fault(
        theory="routing-loop",
        says="two routers of the carrier send what is for the server to each other",
        answer="silent" if filtered else "icmp",
        where=campus.where("there", first, second),
    )
    signs = [
        some("SYNs leave the campus", "firewall-outside", stage.there("firewall-outside", "syn"), at_least=4),
        none("none reaches the server", "server", stage.there("server", "any")),
        hits("the firewall keeps the routers' errors to itself", "firewall", "time-exceeded", at_least=4)
        if filtered
        else some("their hops are used up on the way", "client", packets.exceeded(campus.client), at_least=4),
    ]
    return stage.scenario(fault, plant, signs)


RECIPE = Recipe(
    name="routing-loop",
    says="two routers send the server's prefix to each other",
    choices={"icmp": ("delivered", "filtered")},
    scenario=_scenario,
)
