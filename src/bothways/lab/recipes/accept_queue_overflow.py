"""A burst of connections, and a program too busy to accept them: the kernel has no room for the last ACKs."""

from msgspec.structs import replace

from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Quality
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

BACKLOG = 7
"""The kernel lets one more wait; as many may be on the way through their handshake."""

WAITING, BURST = 6, 7
"""Connections that are there before the burst, and in it: two of the burst find room. A longer burst may take a slow
machine longer to send than the first ACK takes to come."""

COOKIES = "net.ipv4.tcp_syncookies"
"""0 never sends cookies, 2 always does (ip-sysctl)."""


def _scenario(order: Order) -> Scenario:
    # A traceroute's SYNs would take the burst's places in the queue.
    stage = Stage(order=order, traced_port=MIRROR_PORT)
    port = stage.plan.port
    cookies = stage.choice("cookies") == "on"
    fault = Fault(
        theory="accept-queue-overflow",
        says="a burst fills the server's accept queue: its kernel ignores the last ACK of the rest",
        answer="silent",
        where=stage.campus.where("there", "server"),
    )
    plant = Plant(
        settings={"server": {COOKIES: 2 if cookies else 0}},
        # A slow line lines up the burst, so that all of its SYNs arrive before the first ACK.
        there=Quality(rate_kbit=2000),
    )
    services = [
        Service(
            node="server",
            port=port,
            speaks="http" if order.mended else "busy",
            backlog=128 if order.mended else BACKLOG,
        ),
        Service(node="server", port=MIRROR_PORT),
        Service(node="mirror", port=port),
    ]
    page = Visit(node="client", to=stage.campus.server, port=port, does="hold", patience_s=order.patience_s)
    visits = [
        replace(page, count=WAITING),
        replace(page, does="ask", count=BURST, step=2, expected="failed"),
        stage.site(port=MIRROR_PORT, tls=False, step=2, expected="done"),
        stage.site(to=stage.campus.mirror, tls=False, step=2, expected="done"),
    ]
    return stage.scenario(fault, plant, _signs(stage, cookies=cookies), services=services, visits=visits)


def _signs(stage: Stage, *, cookies: bool) -> list[Sign]:
    port = stage.plan.port
    connections = WAITING + BURST
    return [
        some("every last ACK reaches the server", "server", stage.there("server", "later", port), at_least=connections),
        some(
            "the server never says its SYN+ACK again" if cookies else "the server says its SYN+ACK again",
            "server",
            stage.back("server", "syn+ack", port),
            at_least=connections if cookies else connections + 2,
            at_most=connections if cookies else None,
        ),
    ]


RECIPE = Recipe(
    name="accept-queue-overflow",
    says="a burst fills the accept queue of a busy server",
    choices={"cookies": ("off", "on")},
    scenario=_scenario,
)
