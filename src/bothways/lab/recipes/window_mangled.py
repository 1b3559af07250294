"""A firewall minds windows whose scale it has not learned, and drops what goes beyond them."""

from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Rewriting
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import Fault, Stage

SMALL, LARGE = 2_000, 100_000
"""Bytes that fit into any window, and that do not fit into 65,535."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    there = stage.choice("way") == "there"
    fault = Fault(
        theory="window-mangled",
        says="a device reads windows without their scale, and drops data that it takes to be beyond them",
        answer="silent",
        where=stage.campus.where("there" if there else "back", "border", "transit-1"),
    )
    plant = Plant(rewriting=Rewriting(servers=[stage.campus.server], windows="unscaled"))
    large = stage.site(does="upload" if there else "get", size=LARGE, count=2, expected="failed")
    visits = [
        large,
        stage.site(size=SMALL, expected="done"),
        stage.site(does=large.does, size=LARGE, to=stage.campus.mirror, expected="done"),
    ]
    return stage.scenario(fault, plant, _signs(stage), visits=visits)


def _signs(stage: Stage) -> list[Sign]:
    there = stage.choice("way") == "there"
    taker, data = (
        ("server", stage.there("server", "data", stage.plan.port))
        if there
        else ("client", stage.back("client", "data", stage.plan.port))
    )
    return [
        some("much passes at first", taker, data, at_least=25),
        some("and no more than two windows of a handshake", taker, data, at_most=110),
    ]


RECIPE = Recipe(
    name="window-mangled",
    says="a device reads windows without their scale and drops what goes beyond",
    choices={"way": ("there", "back")},
    scenario=_scenario,
)
