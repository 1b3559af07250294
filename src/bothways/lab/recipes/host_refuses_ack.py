"""The handshake's last ACK reaches the server's card, and the server's host drops it below TCP.

A full table of connections is played by a rule, as the table's size is the whole machine's and not a namespace's. SYNs
are not tracked, as is done against floods of them: so it is the ACK for which a place in the table is looked for.
"""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.model.traffic import Service
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

WRONG = "@th,128,16 set 0xdead"
"""Writes over the checksum of TCP, which nft(8) then leaves alone (RAW PAYLOAD EXPRESSION)."""

PLACES = 6
"""Connections that the server's table has room for."""

_LATE = 4
"""Connections that the server never takes."""

_SAYS = {
    "filter": "a filter on the server itself drops all TCP that is no SYN",
    "checksum": "a router of the carrier breaks the checksum of all TCP to the server that is no SYN",
    "full-table": f"the server's own table has room for {PLACES} connections, and there is none for more that are open",
}


def _scenario(order: Order) -> Scenario:
    how = order.choices["how"]
    # What a TCP traceroute opens would take a place.
    stage = Stage(order=order, traced_port=MIRROR_PORT if how == "full-table" else None)
    campus = stage.campus
    fault = Fault(theory="host-refuses-ack", says=_SAYS[how], answer="silent", where=campus.where("there", "server"))
    later = f"tcp dport {{ {stage.plan.port}, {MIRROR_PORT} }} tcp flags & (fin|syn|rst|ack) == ack"
    match how:
        case "filter":
            node, words = "server", "tcp dport"
            plant = Plant(filters={"server": rulesets.stateless(f"{later} counter drop", hook="input")})
        case "full-table":
            return _full(stage, fault)
        case _:
            node, words = campus.transit[0], "tcp checksum set"
            match = f"{'ip6' if order.ip == 6 else 'ip'} daddr {campus.server} {later}"
            plant = Plant(filters={node: rulesets.stateless(f"{match} counter {WRONG}")})
    signs = [
        *_signs(stage),
        none("and nothing else", "server", stage.back("server", "data")),
        hits("what breaks them met them", node, words, at_least=_LATE * (1 + stage.repeats)),
    ]
    return stage.scenario(fault, plant, signs)


def _full(stage: Stage, fault: Fault) -> Scenario:
    """The site without TLS: a place of the table is taken by a connection that asks, is answered, and stays."""
    port = stage.plan.port
    full = f"tcp dport {port} tcp flags & (fin|syn|rst|ack) == ack ct count over {PLACES} counter drop"
    ruleset = f"""table inet filter {{
    chain arriving {{
        type filter hook prerouting priority raw; policy accept;
        tcp dport {port} tcp flags & (syn|ack) == syn notrack
    }}
    chain leaving {{
        type filter hook output priority raw; policy accept;
        tcp sport {port} tcp flags & (syn|ack) == (syn|ack) notrack
    }}
    chain input {{
        type filter hook input priority filter; policy accept;
        {full}
    }}
}}
"""
    plant = Plant(filters={"server": ruleset})
    services = [
        Service(node="server", port=port),
        Service(node="server", port=MIRROR_PORT),
        Service(node="mirror", port=port),
    ]
    held = stage.site(tls=False, does="hold", count=PLACES, expected="done")
    late = stage.site(tls=False, does="ask", step=2, count=_LATE, expected="failed")
    visits = [
        held,
        late,
        stage.site(port=MIRROR_PORT, tls=False, does="ask", step=2, expected="done"),
        stage.site(to=stage.campus.mirror, tls=False, does="ask", step=2, expected="done"),
    ]
    at_least = _LATE * (1 + stage.repeats)
    signs = [
        some("the first connections work", "client", stage.back("client", "data", port), at_least=PLACES),
        *_signs(stage),
        hits("the rule that counts connections met them", "server", "ct count over", at_least=at_least),
    ]
    return stage.scenario(fault, plant, signs, services=services, visits=visits)


def _signs(stage: Stage) -> list[Sign]:
    at_least = _LATE * (1 + stage.repeats)
    return [
        some("the last ACK and data reach the server", "server", stage.there("server", "later"), at_least=at_least),
        some("the server says its SYN+ACK again", "server", stage.back("server", "syn+ack"), at_least=at_least),
    ]


RECIPE = Recipe(
    name="host-refuses-ack",
    says="the client's ACK reaches the server, whose own host drops it",
    choices={"how": ("filter", "checksum", "full-table")},
    scenario=_scenario,
)
