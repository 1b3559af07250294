"""A SYN proxy before the server answers the handshake, and the server behind it cannot."""

from bothways.lab.campus import rulesets
from bothways.lab.campus.plant import Plant
from bothways.lab.model.scenario import Scenario, Sign
from bothways.lab.recipes.recipe import Order, Recipe
from bothways.lab.recipes.signs import hits, none, some
from bothways.lab.recipes.stage import MIRROR_PORT, Fault, Stage

_SAYS = {
    "cut-off": "a SYN proxy answers for the server, and nothing that it sends on reaches the server",
    "mute": "a SYN proxy answers for the server, which ignores what the proxy sends on",
}

_MSS = {4: 1460, 6: 1440}
"""What fits into 1500 bytes beside the headers."""


def proxied(stage: Stage) -> Plant:
    """Let the last router but one answer SYNs itself (nft(8), synproxy), and pass on what is acknowledged."""
    front = stage.campus.transit[-2]
    site = f"{'ip6' if stage.order.ip == 6 else 'ip'} daddr {stage.campus.server} tcp dport {{ {_ports(stage)} }}"
    ruleset = f"""table inet front {{
    chain untracked {{
        type filter hook prerouting priority raw; policy accept;
        {site} tcp flags & (syn | ack) == syn counter notrack
    }}
    chain forward {{
        type filter hook forward priority filter; policy accept;
        {site} ct state invalid,untracked counter synproxy mss {_MSS[stage.order.ip]} wscale 7 timestamp sack-perm
        {site} ct state invalid counter drop
    }}
}}
"""
    return Plant(
        filters={front: ruleset},
        # Otherwise the ACK that completes the handshake is taken for a connection of which the beginning was missed.
        settings={front: {"net.netfilter.nf_conntrack_tcp_loose": 0}},
        # What no card has verified, nft_synproxy verifies with IPv4's pseudo header whatever the version (Linux
        # net/netfilter/nft_synproxy.c, nft_synproxy_do_eval), and drops all of IPv6.
        verifies=frozenset({front}),
    )


def _ports(stage: Stage) -> str:
    return ", ".join(str(port) for port in sorted({stage.plan.port, MIRROR_PORT}))


def _scenario(order: Order) -> Scenario:
    stage = Stage(order=order)
    how = stage.choice("how")
    last = stage.campus.transit[-1]
    fault = Fault(
        theory="syn-proxy",
        says=_SAYS[how],
        answer="silent",
        where=stage.campus.where("there", "server" if how == "mute" else last),
    )
    ports = f"tcp dport {stage.plan.port}"
    plant = proxied(stage)
    family = "ip6" if order.ip == 6 else "ip"
    if how == "mute":
        plant += Plant(filters={"server": rulesets.stateless(f"{ports} counter drop", hook="input")})
    else:
        dead = rulesets.stateless(f"{family} daddr {stage.campus.server} {ports} counter drop")
        plant += Plant(filters={last: dead})
    visits = [
        stage.site(count=2, expected="failed"),
        stage.site(name=stage.plan.other_site, expected="failed"),
        # The other port has a living server behind the same proxy.
        stage.site(port=MIRROR_PORT, tls=False, expected="done"),
        *stage.controls(),
    ]
    return stage.scenario(fault, plant, _signs(stage, how), visits=visits)


def _signs(stage: Stage, how: str) -> list[Sign]:
    port = stage.plan.port
    signs = [
        some("SYN+ACKs reach the client", "client", stage.back("client", "syn+ack", port), at_least=3),
        some("which acknowledges them", "client", stage.there("client", "later", port), at_least=3),
        none("the server sends nothing", "server", stage.back("server", "any", port)),
        hits("the proxy answered", stage.campus.transit[-2], "synproxy", at_least=3),
    ]
    if how == "mute":
        signs.append(
            some("what the proxy sends on reaches it", "server", stage.there("server", "syn", port), at_least=3)
        )
    else:
        signs.append(none("nothing reaches the server", "server", stage.there("server", "any", port)))
    return signs


RECIPE = Recipe(
    name="syn-proxy",
    says="a SYN proxy answers for a server that cannot be reached from it",
    choices={"how": tuple(_SAYS)},
    scenario=_scenario,
)
