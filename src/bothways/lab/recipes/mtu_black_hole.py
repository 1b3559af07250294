"""A link that is narrower than the ends think, and the ICMP error that would tell them never arrives (RFC 2923)."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.network import Route, Rule
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes import packets
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import Fault, Stage

NARROW = 1380
"""Bytes of an IP packet: what two tunnels leave of 1500."""

SMALL, LARGE = 200, 20_000
"""Bytes of an answer that fits into one packet with its TLS, and of one that does not."""

NARROWED, LOST = 100, 101
"""Routing tables: what goes over the narrow link, and ICMP errors that go nowhere."""


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    there = stage.choice("way") == "there"
    neighbour = stage.campus.transit[1] if there else "border"
    fault = Fault(
        theory="mtu-black-hole",
        says=f"a link on the way {stage.choice('way')} takes {NARROW} bytes, and the ICMP errors that say so are lost",
        answer="silent",
        where=stage.campus.where("there" if there else "back", "transit-1", neighbour),
    )
    plant = _narrow(stage, neighbour) + (_filtered(stage) if stage.choice("icmp") == "filtered" else _lost(stage))
    large = stage.site(does="upload" if there else "get", size=LARGE, count=2, expected="failed")
    visits = [
        large,
        stage.site(size=SMALL, expected="done"),
        stage.site(does=large.does, size=LARGE, to=stage.campus.mirror, expected="done"),
    ]
    return stage.scenario(fault, plant, _signs(stage), visits=visits)


def _narrow(stage: Stage, neighbour: str) -> Plant:
    """The carrier's first router has the narrow link, for what goes between server and client one way."""
    campus = stage.campus
    length = campus.host_length
    source, to = (
        (campus.client_outside, campus.server) if neighbour != "border" else (campus.server, campus.client_outside)
    )
    via = campus.address(neighbour, "eth1" if neighbour == "border" else "eth0")
    return Plant(
        rules=(Rule(node="transit-1", source=f"{source}/{length}", to=f"{to}/{length}", table=NARROWED),),
        routes=(Route(node="transit-1", to=f"{to}/{length}", via=via, mtu=NARROW, table=NARROWED),),
    )


def _filtered(stage: Stage) -> Plant:
    """The next router on the errors' way back to the sender drops them."""
    kind = (
        "icmpv6 type packet-too-big"
        if stage.order.ip == 6
        else "icmp type destination-unreachable icmp code frag-needed"
    )
    return Plant(filters={_filtering(stage): rulesets.stateless(f"{kind} counter drop")})


def _filtering(stage: Stage) -> str:
    return "border" if stage.choice("way") == "there" else stage.campus.transit[1]


def _lost(stage: Stage) -> Plant:
    """The narrow router itself has no route for ICMP to the sender."""
    campus = stage.campus
    sender = campus.client_outside if stage.choice("way") == "there" else campus.server
    six = stage.order.ip == 6
    to = f"{sender}/{campus.host_length}"
    return Plant(
        rules=(Rule(node="transit-1", coming_in="lo", to=to, protocol="ipv6-icmp" if six else "icmp", table=LOST),),
        routes=(Route(node="transit-1", to=to, kind="blackhole", table=LOST),),
    )


def _signs(stage: Stage) -> list[Sign]:
    there = stage.choice("way") == "there"
    before, after = ("firewall-outside", "server") if there else ("server", "firewall-outside")
    told = stage.campus.client if there else stage.campus.server

    def to_the_other(capture: str) -> str:
        return stage.there(capture, "data") if there else stage.back(capture, "data")

    signs = [
        some("large packets are sent", before, packets.longer(to_the_other(before), NARROW), at_least=2),
        none("none arrives", after, packets.longer(to_the_other(after), NARROW)),
        some("small ones do", after, to_the_other(after), at_least=3),
        none("no ICMP error reaches the sender", "client" if there else "server", packets.too_big(told)),
    ]
    if stage.choice("icmp") == "filtered":
        match = "packet-too-big" if stage.order.ip == 6 else "frag-needed"
        signs.append(hits("the ICMP errors are dropped", _filtering(stage), match, at_least=2))
    return signs


RECIPE = Recipe(
    name="mtu-black-hole",
    says="a narrow link whose ICMP errors never reach the sender",
    choices={"way": ("there", "back"), "icmp": ("filtered", "lost")},
    scenario=_scenario,
)
