"""A box of the carrier reads the name in the TLS ClientHello, and stops the connection for it."""

from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Inspection
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    resets = stage.choice("answer") == "reset"
    fault = Fault(
        theory="sni-filtered",
        says="a filter "
        + ("resets connections" if resets else "drops what comes")
        + " on a ClientHello that names the site",
        answer="reset" if resets else "silent",
        where=stage.campus.where("there", "border", "transit-1"),
    )
    plant = Plant(inspection=Inspection(names=[stage.plan.site], answer="reset" if resets else "silent"))
    visits = [
        stage.site(count=3, expected="failed"),
        # A box on the carrier's wire does not care for the address: the mirror is hit as well.
        stage.site(to=stage.campus.mirror, expected="failed"),
        stage.site(name=stage.plan.other_site, expected="done"),
        stage.site(port=MIRROR_PORT, tls=False, expected="done"),
    ]
    return stage.scenario(fault, plant, _signs(stage, resets=resets), visits=visits)


def _signs(stage: Stage, *, resets: bool) -> list[Sign]:
    outside, port = "firewall-outside", stage.plan.port
    hellos = some("ClientHellos leave the campus", outside, stage.there(outside, "data", port), at_least=4)
    arrived = some(
        "of TLS only what the other name's connection says reaches the server",
        "server",
        stage.there("server", "data", port),
        at_most=6,
    )
    if resets:
        return [
            hellos,
            arrived,
            some("the client is reset", "client", stage.back("client", "reset", port), at_least=3),
            some("so is the server", "server", stage.there("server", "reset", port), at_least=3),
        ]
    later = some("the ACKs before them reach the server", "server", stage.there("server", "later", port), at_least=4)
    return [hellos, arrived, later]


RECIPE = Recipe(
    name="sni-filtered",
    says="a filter stops TLS connections whose ClientHello names the site",
    choices={"answer": ("silent", "reset")},
    scenario=_scenario,
)
