"""TCP works; the program behind it says nothing."""

from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario
from bothways.lab.model.traffic import Service
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

_SAYS = {
    "mute": "the server's program accepts connections, reads, and never answers",
    "hung": "the server's program hangs: the kernel completes handshakes and takes data, nobody accepts or reads",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    port = stage.plan.port
    how = stage.choice("how")
    fault = Fault(
        theory="application-silent", says=_SAYS[how], answer="silent", where=stage.campus.where("back", "server")
    )
    site = next(service for service in stage.web() if service.speaks == "tls")
    silent = Service(node="server", port=port, speaks="mute" if how == "mute" else "busy")
    services = [site if order.mended else silent, *(service for service in stage.web() if service != site)]
    visits = [
        stage.site(count=2, expected="failed"),
        stage.site(name=stage.plan.other_site, expected="failed"),
        stage.site(port=MIRROR_PORT, tls=False, expected="done"),
        *stage.controls(),
    ]
    signs = [
        some("ClientHellos reach the server", "server", stage.there("server", "data", port), at_least=3, at_most=3),
        some("it acknowledges them", "client", stage.back("client", "later", port), at_least=3),
        none("and says nothing", "server", stage.back("server", "data", port)),
    ]
    return stage.scenario(fault, Plant(), signs, services=services, visits=visits)


RECIPE = Recipe(
    name="application-silent",
    says="TCP works; the server's program says nothing",
    choices={"how": ("mute", "hung")},
    scenario=_scenario,
)
