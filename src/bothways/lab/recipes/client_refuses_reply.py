"""The server's SYN+ACK reaches the client's card, and the client's own host drops it."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import End, Link, Route
from bothways.lab.model.scenario import Scenario
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import CAPTURES, MIRROR_PORT, Fault, Stage

_SAYS = {
    "reverse-path": "the client reaches the server by another of its interfaces than the reply comes in by, and its "
    "reverse path filter drops the reply for it",
    "filter": "a filter on the client itself drops what comes from the server's ports",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    how, campus = stage.choice("how"), stage.campus
    fault = Fault(theory="client-refuses-reply", says=_SAYS[how], answer="silent", where=campus.where("back", "client"))
    visits = 4 * (1 + stage.repeats)
    signs = [
        some("SYNs reach the server, again and again", "server", stage.there("server", "syn"), at_least=visits),
        some("SYN+ACKs reach the client's card", "client", stage.back("client", "syn+ack"), at_least=visits),
        none("the client acknowledges none", "client", stage.there("client", "later")),
    ]
    if how == "filter":
        match = (
            f"{'ip6' if order.ip == 6 else 'ip'} saddr {campus.server} tcp sport {{ {stage.plan.port}, {MIRROR_PORT} }}"
        )
        plant = Plant(filters={"client": rulesets.stateless(f"{match} counter drop", hook="input")})
        signs.append(hits("the client's filter met them", "client", "tcp sport", at_least=visits))
    else:
        plant = _second_cable(stage)
    captures = [replace(one, interface="any") if one.name == "client" else one for one in CAPTURES]
    return stage.scenario(fault, plant, signs, captures=captures)


def _second_cable(stage: Stage) -> Plant:
    """By it the client reaches the server in its first one's name, where replies come in (RFC 3704 section 2.2)."""
    campus = stage.campus
    link = Link(
        a=End(node="client", interface="eth1", addresses=["198.51.100.6/30"]),
        b=End(node="distribution", interface="eth3", addresses=["198.51.100.5/30"]),
    )
    return Plant(
        links=(link,),
        routes=(Route(node="client", to=campus.server_subnet, via="198.51.100.5", source=campus.client),),
        settings={"client": {"net.ipv4.conf.all.rp_filter": 1}},
    )


RECIPE = Recipe(
    name="client-refuses-reply",
    says="the SYN+ACK reaches the client, whose own host drops it",
    choices={"how": ("filter", "reverse-path")},
    scenario=_scenario,
    # Linux has a reverse path filter for IPv4 only.
    unless=({"how": "reverse-path", "ip": "6"},),
)
