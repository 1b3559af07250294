"""A device rewrites sequence numbers and does not undo it everywhere: not on the way back, or not in SACK blocks."""

from random import Random

from msgspec.structs import replace

from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Quality, Rewrite, Rewriting
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage
from bothways.wire.sequence import MODULUS

_SAYS = {
    "acknowledgements": "a device randomises the client's sequence numbers, and the acknowledgements come back "
    "as they are",
    "blocks": "a device randomises the client's sequence numbers, and undoes it in acknowledgements but not in the "
    "selective ones, which the firewall then calls invalid",
}

UPLOADED = 300_000
"""Bytes, enough for a line that is a little lossy to lose several packets of one flight."""

LEAST = 1 << 20
"""More than any window here: what is shifted by less might still fit."""

AHEAD = MODULUS // 2
"""Shifted by less than this, a block seems to lie ahead of all that was sent, which conntrack calls invalid. Shifted by
more it seems an old one, which conntrack and the sender pass over (net/netfilter/nf_conntrack_proto_tcp.c, `tcp_sack`),
so that TCP repairs the loss without it."""

A_LITTLE = Quality(loss=0.04, burst=2.0)
"""Which TCP repairs, where selective acknowledgements reach the client and say what they mean."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    fault = Fault(
        theory="sequence-rewritten",
        says=_SAYS[stage.choice("keeps")],
        where=stage.campus.where("there", "border", "transit-1"),
    )
    if stage.choice("keeps") == "blocks":
        return _blocks(stage, fault)
    # Replies come back around the firewall, whose own tracking would call their numbers invalid.
    plant = stage.campus.back_around() + Plant(rewriting=shifting(stage, back=False))
    visits = [
        stage.site(count=2, expected="failed"),
        stage.site(port=MIRROR_PORT, tls=False, expected="failed"),
        *stage.controls(),
    ]
    return stage.scenario(fault, plant, _signs(stage), visits=visits)


def _blocks(stage: Stage, fault: Fault) -> Scenario:
    """What is uploaded loses some packets, and the server's word of which ones is not understood."""
    undone = shifting(stage, back=True, below=AHEAD)
    kept = replace(undone, back=replace(undone.back, blocks=0))
    visits = [
        stage.site(does="upload", size=UPLOADED, count=4, expected="failed"),
        stage.site(size=1_000, expected="either"),
        stage.site(to=stage.campus.mirror, does="upload", size=UPLOADED, expected="either"),
    ]
    signs = [
        some("some of what is uploaded arrives", "server", stage.there("server", "data"), at_least=40),
        some("the server says which", "server", stage.back("server", "later"), at_least=40),
        hits("the firewall calls it invalid", "firewall", "ct state invalid", at_least=4),
    ]
    return stage.scenario(fault, Plant(rewriting=kept, there=A_LITTLE), signs, visits=visits)


def shifting(stage: Stage, *, back: bool, below: int = MODULUS - LEAST) -> Rewriting:
    """Shift the client's numbers by what the seed decides; *back*: and take it off what acknowledges them."""
    shift = Random(f"shift {stage.order.seed}").randrange(LEAST, below)  # noqa: S311 - variety, not secrecy
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
    says="a device rewrites sequence numbers, and something that comes back is kept as it is",
    choices={"keeps": tuple(_SAYS)},
    # The campus's translator tracks connections too: it leaves a reply with a number that it never sent untranslated.
    unless=({"keeps": "acknowledgements", "nat": "yes"},),
    scenario=_scenario,
)
