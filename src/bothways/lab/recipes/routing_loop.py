"""Two routers of the carrier send a prefix to each other: the server's, or the client's."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Route, Rule
from bothways.lab.model.scenario import Capture, Scenario, Sign
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import CAPTURES, Fault, Stage

LOOPING = 103
"""The routing table of what goes back in circles."""

INSIDE_THE_LOOP = "transit"
"""What the capture between the two routers is called."""

_SILENT = {
    4: "icmp type time-exceeded counter drop",
    6: "icmpv6 type time-exceeded counter drop",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    back, answered = stage.choice("way") == "back", stage.choice("icmp") != "lost"
    first, second = stage.campus.transit[:2]
    whose = "goes back to the client" if back else "is for the server"
    silence = "" if answered else ", and say nothing when its hops are used up"
    fault = Fault(
        theory="routing-loop",
        says=f"two routers of the carrier send what {whose} to each other{silence}",
        # Of what dies on its way back the server is told, not the client.
        answer="icmp" if stage.choice("icmp") == "delivered" and not back else "silent",
        where=stage.campus.where("back" if back else "there", first, second),
    )
    plant = _loop_back(stage) if back else _loop_there(stage)
    captures = list(CAPTURES)
    if stage.choice("icmp") == "filtered":
        errors = rulesets.errors_about_tcp("exceeded", order.ip)
        plant += Plant(filters={"firewall": rulesets.stateful(first=f"{errors} counter drop")})
    if not answered:
        silent = rulesets.stateless(_SILENT[order.ip], hook="output")
        plant += Plant(filters={first: silent, second: silent})
        # Otherwise nobody sees more than that packets vanish there.
        captures.append(Capture(name=INSIDE_THE_LOOP, node=second, interface="eth0"))
    return stage.scenario(fault, plant, _signs(stage), captures=captures)


def _loop_there(stage: Stage) -> Plant:
    campus = stage.campus
    first, second = campus.transit[:2]
    to = f"{campus.server}/{campus.host_length}"
    return Plant(routes=(Route(node=second, to=to, via=campus.address(first, "eth1")),))


def _loop_back(stage: Stage) -> Plant:
    """What the server sends to the client; what the mirror sends goes on, as it comes by another prefix."""
    campus = stage.campus
    first, second = campus.transit[:2]
    to = f"{campus.client_outside}/{campus.host_length}"
    return Plant(
        rules=(Rule(node=first, source=campus.server_subnet, to=to, table=LOOPING),),
        routes=(Route(node=first, to=to, via=campus.address(second), table=LOOPING),),
    )


def _signs(stage: Stage) -> list[Sign]:
    campus, outside = stage.campus, "firewall-outside"
    back, answered = stage.choice("way") == "back", stage.choice("icmp") != "lost"
    signs = [some("SYNs leave the campus", outside, stage.there(outside, "syn"), at_least=4)]
    if back:
        signs += [
            some("SYN+ACKs leave the server", "server", stage.back("server", "syn+ack"), at_least=4),
            none("none reaches the campus", outside, stage.back(outside, "any")),
        ]
    else:
        signs.append(none("none reaches the server", "server", stage.there("server", "any")))
    if not answered:
        silent = (
            hits(f"{router} keeps its errors to itself", router, "time-exceeded") for router in campus.transit[:2]
        )
        return [*signs, *silent]
    if stage.choice("icmp") == "filtered":
        return [
            *signs,
            hits("the firewall keeps the routers' errors to itself", "firewall", "time-exceeded", at_least=4),
        ]
    told, at = (campus.server, "server") if back else (campus.client, "client")
    return [*signs, some("their hops are used up on the way", at, packets.exceeded(told), at_least=4)]


RECIPE = Recipe(
    name="routing-loop",
    says="two routers send the server's prefix, or the client's, to each other",
    choices={"way": ("there", "back"), "icmp": ("delivered", "filtered", "lost")},
    scenario=_scenario,
    # What the server is told of its replies does not pass the firewall.
    unless=({"way": "back", "icmp": "filtered"},),
)
