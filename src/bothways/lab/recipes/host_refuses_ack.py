"""The handshake's last ACK reaches the server's card, and the server's host drops it below TCP."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

WRONG = "@th,128,16 set 0xdead"
"""Writes over the checksum of TCP, which nft(8) then leaves alone (RAW PAYLOAD EXPRESSION)."""

_SAYS = {
    "filter": "a filter on the server itself drops all TCP that is no SYN",
    "checksum": "a router of the carrier breaks the checksum of all TCP to the server that is no SYN",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    how, campus = stage.choice("how"), stage.campus
    fault = Fault(theory="host-refuses-ack", says=_SAYS[how], answer="silent", where=campus.where("there", "server"))
    later = f"tcp dport {{ {stage.plan.port}, {MIRROR_PORT} }} tcp flags & (fin|syn|rst|ack) == ack"
    if how == "filter":
        node, words = "server", "tcp dport"
        plant = Plant(filters={"server": rulesets.stateless(f"{later} counter drop", hook="input")})
    else:
        node, words = campus.transit[0], "tcp checksum set"
        match = f"{'ip6' if order.ip == 6 else 'ip'} daddr {campus.server} {later}"
        plant = Plant(filters={node: rulesets.stateless(f"{match} counter {WRONG}")})
    visits = 4 * (1 + stage.repeats)
    signs = [
        some("the last ACK and data reach the server", "server", stage.there("server", "later"), at_least=visits),
        some("the server says its SYN+ACK again", "server", stage.back("server", "syn+ack"), at_least=visits),
        none("and nothing else", "server", stage.back("server", "data")),
        hits("what breaks them met them", node, words, at_least=visits),
    ]
    return stage.scenario(fault, plant, signs)


RECIPE = Recipe(
    name="host-refuses-ack",
    says="the client's ACK reaches the server, whose own host drops it",
    choices={"how": ("filter", "checksum")},
    scenario=_scenario,
)
