"""A device rewrites sequence numbers, and the way back passes it by: the SYN+ACK acknowledges another number."""

from random import Random

from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Rewrite, Rewriting
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage
from bothways.wire.sequence import MODULUS

_SAYS = "a device randomises the client's sequence numbers, and the acknowledgements come back as they are"


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    fault = Fault(
        theory="sequence-rewritten",
        says=_SAYS,
        where=stage.campus.where("there", "border", "transit-1"),
    )
    # Replies come back around the firewall, whose own tracking would call their numbers invalid.
    plant = stage.campus.back_around() + Plant(rewriting=shifting(stage, back=False))
    visits = [
        stage.site(count=2, expected="failed"),
        stage.site(port=MIRROR_PORT, tls=False, expected="failed"),
        *stage.controls(),
    ]
    return stage.scenario(fault, plant, _signs(stage), visits=visits)


def shifting(stage: Stage, *, back: bool) -> Rewriting:
    """Shift the client's numbers by what the seed decides; *back*: and take it off what acknowledges them."""
    shift = Random(f"shift {stage.order.seed}").randrange(1 << 20, MODULUS - (1 << 20))  # noqa: S311 - variety, not secrecy
    off = MODULUS - shift if back else 0
    return Rewriting(servers=[stage.campus.server], there=Rewrite(seq=shift), back=Rewrite(ack=off, blocks=off))


def _signs(stage: Stage) -> list[Sign]:
    return [
        some("SYN+ACKs reach the client", "client", stage.back("client", "syn+ack"), at_least=3),
        some("the client resets them", "client", stage.there("client", "reset"), at_least=3),
        none("and never acknowledges one", "client", stage.there("client", "later")),
        some("the server's SYN+ACKs are its own", "server", stage.back("server", "syn+ack"), at_least=3),
    ]


RECIPE = Recipe(
    name="sequence-rewritten",
    says="a device rewrites sequence numbers on one way only",
    scenario=_scenario,
)
