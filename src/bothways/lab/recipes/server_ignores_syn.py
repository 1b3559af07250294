"""The SYN reaches the server, and the server says nothing."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import End, Link, Route
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

BACKLOG = 2

_SAYS = {
    "host-filter": "a filter on the server itself drops the SYN",
    "full-queue": "the server's accept queue is full before the SYN comes: its kernel ignores the SYN",
    "reverse-path": "the server would reply by another interface, and its reverse path filter drops the SYN for it",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    how = stage.choice("how")
    fault = Fault(
        theory="server-ignores-syn", says=_SAYS[how], answer="silent", where=stage.campus.where("there", "server")
    )
    match how:
        case "full-queue":
            return _full_queue(stage, fault)
        case "reverse-path":
            return stage.scenario(fault, _reverse_path(stage), _signs(stage))
        case _:
            rule = f"tcp dport {{ {stage.plan.port}, {MIRROR_PORT} }} counter drop"
            plant = Plant(filters={"server": rulesets.stateless(rule, hook="input")})
            met = hits("the server's filter met them", "server", "tcp dport", at_least=4)
            return stage.scenario(fault, plant, [*_signs(stage), met])


def _reverse_path(stage: Stage) -> Plant:
    """A second cable to the carrier, by which the server believes the client to be (RFC 3704 section 2.2)."""
    last = stage.campus.transit[-1]
    link = Link(
        a=End(node=last, interface="eth3", addresses=["198.51.100.1/30"]),
        b=End(node="server", interface="eth1", addresses=["198.51.100.2/30"]),
    )
    return Plant(
        links=(link,),
        routes=(Route(node="server", to=f"{stage.campus.client_outside}/32", via="198.51.100.1"),),
        settings={"server": {"net.ipv4.conf.all.rp_filter": 1}},
    )


def _full_queue(stage: Stage, fault: Fault) -> Scenario:
    port, mended = stage.plan.port, stage.order.mended
    services = [
        Service(node="server", port=port, speaks="http" if mended else "busy", backlog=128 if mended else BACKLOG),
        Service(node="server", port=MIRROR_PORT),
        Service(node="mirror", port=port),
    ]
    page = Visit(node="client", to=stage.campus.server, port=port, does="hold", patience_s=stage.order.patience_s)
    visits = [
        replace(page, count=BACKLOG + 1),
        replace(page, does="ask", count=5, step=2, expected="failed"),
        stage.site(port=MIRROR_PORT, tls=False, step=2, expected="done"),
        stage.site(to=stage.campus.mirror, tls=False, step=2, expected="done"),
    ]
    plant = Plant(settings={"server": {"net.ipv4.tcp_syncookies": 0}})
    signs = [
        some("SYNs reach the server", "server", stage.there("server", "syn", port), at_least=5 * (1 + stage.repeats)),
        some(
            "only those that found room are answered",
            "server",
            stage.back("server", "syn+ack", port),
            at_most=BACKLOG + 3,
        ),
    ]
    return stage.scenario(fault, plant, signs, services=services, visits=visits)


def _signs(stage: Stage) -> list[Sign]:
    return [
        some(
            "SYNs reach the server, again and again",
            "server",
            stage.there("server", "syn"),
            at_least=4 * (1 + stage.repeats),
        ),
        none("the server says nothing", "server", stage.back("server", "any")),
    ]


RECIPE = Recipe(
    name="server-ignores-syn",
    says="the SYN reaches the server, which says nothing",
    choices={"how": ("host-filter", "full-queue", "reverse-path")},
    scenario=_scenario,
    # Linux has a reverse path filter for IPv4 only.
    unless=({"how": "reverse-path", "ip": "6"},),
)
