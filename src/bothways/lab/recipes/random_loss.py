"""A bad line of the carrier loses packets, whatever they are: one by one or several in a row, of one way or both."""

from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Quality
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import some
from bothways.lab.recipes.stage import Fault, Stage

CONNECTIONS = 8

BURST = 4.0
"""Frames lost in a row, in the mean: what radio and overfull queues do (RFC 3611 section 4.7.2 counts such bursts)."""

_OF = {"both": "either way", "there": "the way there", "back": "the way back"}
_HOW = {"single": "", "bursts": ", several in a row"}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    percent, way, pattern = int(stage.choice("percent")), stage.choice("way"), stage.choice("pattern")
    fault = Fault(
        theory="random-loss",
        says=f"the carrier's first line loses {percent} % of the packets of {_OF[way]}{_HOW[pattern]}",
        answer="silent",
        where=stage.campus.where("back" if way == "back" else "there", "border", "transit-1"),
    )
    bad = Quality(loss=percent / 100, burst=BURST if pattern == "bursts" else 1.0)
    plant = Plant(there=None if way == "back" else bad, back=None if way == "there" else bad)
    # Acknowledgements say more than they are many: of what only the client sends, much must be sent to lose some.
    does = "upload" if way == "there" else "get"
    visits = [
        stage.site(count=CONNECTIONS, does=does, size=60_000),
        stage.site(to=stage.campus.mirror, does=does, size=60_000),
    ]
    return stage.scenario(fault, plant, _signs(stage), visits=visits)


def _signs(stage: Stage) -> list[Sign]:
    return [
        some("some of what the client sends arrives", "server", stage.there("server", "any"), at_least=CONNECTIONS),
        some("some of what the server sends arrives", "client", stage.back("client", "any"), at_least=1),
    ]


RECIPE = Recipe(
    name="random-loss",
    says="a bad line loses packets, whatever they are",
    choices={"percent": ("15", "30", "5"), "way": tuple(_OF), "pattern": tuple(_HOW)},
    scenario=_scenario,
)
