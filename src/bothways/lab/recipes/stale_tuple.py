"""A client comes again from the port of a connection that it gave up, of which somebody else never heard the end."""

from msgspec.structs import replace

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

SOURCE_PORT = 52_318
"""One that no kernel of the lab picks by itself while there are others."""

FIRST, LOWER = 0x7000_0000, 0x6000_0000
"""Initial sequence numbers of a client that chooses them badly: the second one lies below what the first one used."""

FROM_INSIDE = 'iifname "eth0*"'

_SAYS = {
    "server": "the server still holds a connection of the same ports and answers the SYN with a challenge ACK, "
    "and a filter drops the client's reset",
    "time-wait": "the server still holds a connection of the same ports in TIME-WAIT, and the SYN's number lies below "
    "what that one used",
    "firewall": "the firewall still holds a connection of the same ports and drops the SYN that does not fit it",
}


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    holder, port = stage.choice("holder"), stage.plan.port
    fault = Fault(
        theory="stale-tuple",
        says=_SAYS[holder],
        answer="silent",
        where=stage.campus.where("there", "server" if holder == "time-wait" else "firewall"),
    )
    if holder == "time-wait":
        return _waiting(stage, fault)
    services = [
        Service(node="server", port=port, speaks="echo"),
        Service(node="server", port=MIRROR_PORT),
        Service(node="mirror", port=port, speaks="echo"),
    ]
    again = replace(stage.talk("echo"), source_port=SOURCE_PORT, step=2, expected="failed")
    visits = [
        replace(again, does="abort", step=1, expected="done"),
        again,
        replace(stage.talk("echo"), step=2),
        replace(stage.talk("echo", to=stage.campus.mirror), step=2),
    ]
    return stage.scenario(fault, _plant(holder), _signs(stage, holder), services=services, visits=visits)


def _waiting(stage: Stage, fault: Fault) -> Scenario:
    """The server ends the first connection, and so is the one who waits (RFC 9293 section 3.6.1).

    It takes a SYN for a new connection whose number or whose timestamp is larger (RFC 6191); else it answers with an
    ACK, and the client with a reset, of which a server takes no notice that keeps to RFC 1337.
    """
    port, mended = stage.plan.port, stage.order.mended
    services = [
        Service(node="server", port=port, speaks="greeting"),
        Service(node="server", port=MIRROR_PORT),
        Service(node="mirror", port=port, speaks="greeting"),
    ]
    settings: dict[str, int | str] = {} if mended else {"net.ipv4.tcp_timestamps": 0}
    first = replace(stage.talk("greeting"), source_port=SOURCE_PORT, settings=settings, first=None if mended else FIRST)
    again = replace(first, step=2, first=None if mended else LOWER, expected="failed")
    others = [stage.talk("greeting"), stage.talk("greeting", to=stage.campus.mirror)]
    visits = [first, again, *(replace(other, step=2) for other in others)]
    plant = Plant(settings={"server": {"net.ipv4.tcp_rfc1337": 1}})
    tries, own = 1 + stage.repeats, f" and port {SOURCE_PORT}"
    signs = [
        some("the client's SYNs reach the server", "server", stage.there("server", "syn") + own, at_least=1 + tries),
        some("one is answered with a SYN+ACK", "server", stage.back("server", "syn+ack") + own, at_most=1),
        some("the client's resets reach the server", "server", stage.there("server", "reset") + own, at_least=tries),
    ]
    return stage.scenario(fault, plant, signs, services=services, visits=visits)


def _plant(holder: str) -> Plant:
    if holder == "server":
        return Plant(filters={"firewall": rulesets.stateful(first=f"{FROM_INSIDE} tcp flags rst counter drop")})
    # Linux lets such a SYN pass and waits for what the server says to it; others drop it.
    refuses = f"{FROM_INSIDE} ct state established tcp flags syn / syn,ack counter drop"
    return Plant(
        filters={
            "firewall": rulesets.stateful(first=refuses),
            # The client ends without a word, as one that lost its power.
            "client": rulesets.stateless("tcp flags rst counter drop", hook="output"),
        }
    )


def _signs(stage: Stage, holder: str) -> list[Sign]:
    outside, port = "firewall-outside", stage.plan.port
    tries = 1 + stage.repeats
    own = f" and port {SOURCE_PORT}"
    if holder == "server":
        return [
            some(
                "the client's SYNs reach the server", "server", stage.there("server", "syn") + own, at_least=1 + tries
            ),
            some("which answers with bare ACKs", "client", stage.back("client", "later") + own, at_least=2 + tries),
            hits("the client's resets are dropped", "firewall", "tcp flags rst", at_least=2),
            none("none of them passes", "server", stage.there("server", "reset", port) + own),
        ]
    return [
        some("the first SYN leaves the firewall alone", outside, stage.there(outside, "syn") + own, at_most=1),
        some("more reach it", "firewall-inside", stage.there("firewall-inside", "syn") + own, at_least=1 + tries),
        hits("its rule against SYNs in what it holds for open met them", "firewall", "syn / syn,ack", at_least=tries),
    ]


RECIPE = Recipe(
    name="stale-tuple",
    says="a port is used again while somebody still holds its old connection",
    choices={"holder": tuple(_SAYS)},
    scenario=_scenario,
)
