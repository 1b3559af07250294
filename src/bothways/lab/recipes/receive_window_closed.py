"""A transfer stalls because the program that is to read it does not."""

from msgspec.structs import replace

from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service, Visit
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

SIZE = 200_000
"""Bytes to transfer: more than both ends' kernels keep for programs that do not take them."""

SMALL_BUFFERS: dict[str, int | str] = {"net.ipv4.tcp_rmem": "4096 8192 8192"}
"""Least, usual and most bytes of a receive buffer (ip-sysctl), of IPv6's connections, too: full after few packets."""

_SAYS = {
    "server": "the server's program accepts an upload and does not read it",
    "client": "the client asks for a file and does not read what comes",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    who = stage.choice("who")
    where = stage.campus.where("there", "server") if who == "server" else stage.campus.where("back", "client")
    fault = Fault(theory="receive-window-closed", says=_SAYS[who], answer="silent", where=where)
    page = Service(node="server", port=stage.plan.port)
    unread = who == "server" and not order.mended
    services = [replace(page, speaks="unread") if unread else page, *stage.web()[1:]]
    visits = [*_visits(stage, who), stage.site(port=MIRROR_PORT, tls=False, expected="done"), *stage.controls()]
    plant = Plant(settings={who: SMALL_BUFFERS})
    return stage.scenario(fault, plant, _signs(stage, who), services=services, visits=visits)


def _visits(stage: Stage, who: str) -> list[Visit]:
    visit = stage.site(count=2, tls=False, size=SIZE, expected="failed")
    if who == "server":
        return [replace(visit, does="upload")]
    return [visit if stage.order.mended else replace(visit, does="stare")]


def _signs(stage: Stage, who: str) -> list[Sign]:
    port = stage.plan.port
    shut, data = (stage.back, stage.there) if who == "server" else (stage.there, stage.back)
    window = "ip6[54:2] == 0" if stage.order.ip == 6 else "tcp[14:2] == 0"
    closed = f"{shut(who, 'later', port)} and {window}"
    return [
        some("data reaches who does not read it", who, data(who, "data", port), at_least=4),
        some("and it says again and again that its window is closed", who, closed, at_least=6),
    ]


RECIPE = Recipe(
    name="receive-window-closed",
    says="a transfer stalls because one end's program does not read",
    choices={"who": ("server", "client")},
    scenario=_scenario,
)
