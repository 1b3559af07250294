"""A router on the way there says that the server cannot be reached."""

from msgspec.structs import replace

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
    last = campus.transit[-1]
    no_route = stage.choice("how") == "no-route"
    if no_route:
        plant = Plant(routes=(Route(node="transit-1", to=f"{campus.server}/{campus.host_length}", kind="unreachable"),))
        says, node = "the carrier has no route to the server", "transit-1"
    else:
        plant, says, node = Plant(), "no such host: nobody answers for the address on the server's link", last
    filtered = stage.choice("icmp") == "filtered"
    if filtered:
        match_ = rulesets.errors_about_tcp("unreachable", order.ip)
        plant += Plant(filters={"firewall": rulesets.stateful(first=f"{match_} counter drop")})
    where = campus.where("there", node) if no_route else campus.where("there", node, "server")
    fault = Fault(theory="destination-unreachable", says=says, answer="silent" if filtered else "icmp", where=where)
    signs = [
        some("SYNs leave the campus", "firewall-outside", stage.there("firewall-outside", "syn"), at_least=4),
        hits("the firewall keeps the router's errors to itself", "firewall", "destination-unreachable", at_least=4)
        if filtered
        else some("a router says that it is unreachable", "client", packets.unreachable(campus.client), at_least=4),
        none("no answer of the server reaches the client", "client", stage.back("client", "any")),
    ]
    scenario = stage.scenario(fault, plant, signs)
    return scenario if no_route or order.mended else _without_host(scenario)


def _without_host(scenario: Scenario) -> Scenario:
    """The server has lost its address; no router ever heard of it."""
    network = scenario.network
    links = [
        replace(link, b=replace(link.b, addresses=[])) if link.b.node == "server" else link for link in network.links
    ]
    routes = [route for route in network.routes if route.node != "server"]
    return replace(
        scenario,
        network=replace(network, links=links, routes=routes),
        paths=[path for path in scenario.paths if path.node != "server"],
    )


RECIPE = Recipe(
    name="destination-unreachable",
    says="a router on the way there says that the server cannot be reached",
    choices={"how": ("host-down", "no-route"), "icmp": ("delivered", "filtered")},
    scenario=_scenario,
)
