"""Nothing listens on the port."""

from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    port = stage.plan.port
    fault = Fault(
        theory="port-closed",
        says="nothing listens on the port: the server's kernel answers each SYN with a reset",
        answer="reset",
        where=stage.campus.where("there", "server"),
    )
    services = [service for service in stage.web() if order.mended or (service.node, service.port) != ("server", port)]
    visits = [
        stage.site(count=3, expected="failed"),
        stage.site(port=MIRROR_PORT, tls=False, expected="done"),
        *stage.controls(),
    ]
    signs = [
        some("SYNs reach the server", "server", stage.there("server", "syn", port), at_least=3),
        some("it answers with resets", "server", stage.back("server", "reset", port), at_least=3),
        some("they reach the client", "client", stage.back("client", "reset", port), at_least=3),
    ]
    return stage.scenario(fault, Plant(), signs, services=services, visits=visits)


RECIPE = Recipe(name="port-closed", says="nothing listens on the port", scenario=_scenario)
