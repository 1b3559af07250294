"""A bad line of the carrier loses packets of both ways, or of one, whatever they are."""

from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Quality
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import Fault, Stage

CONNECTIONS = 8

_SAYS = {"both": "either way", "back": "the way back"}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    percent, way = int(stage.choice("percent")), stage.choice("way")
    fault = Fault(
        theory="random-loss",
        says=f"the carrier's first line loses {percent} % of the packets of {_SAYS[way]}",
        answer="silent",
        where=stage.campus.where("back" if way == "back" else "there", "border", "transit-1"),
    )
    bad = Quality(loss=percent / 100)
    visits = [stage.site(count=CONNECTIONS, size=60_000), stage.site(to=stage.campus.mirror, size=60_000)]
    return stage.scenario(
        fault,
        Plant(there=bad if way == "both" else None, back=bad),
        _signs(stage),
        visits=visits,
    )


def _signs(stage: Stage) -> list[Sign]:
    return [
        some("some of what the client sends arrives", "server", stage.there("server", "any"), at_least=CONNECTIONS),
        some("some of what the server sends arrives", "client", stage.back("client", "any"), at_least=1),
    ]


RECIPE = Recipe(
    name="random-loss",
    says="a bad line loses packets of both ways, or of one, whatever they are",
    choices={"percent": ("15", "30", "5"), "way": tuple(_SAYS)},
    scenario=_scenario,
)
