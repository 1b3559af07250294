"""The numbers behind the words, and the priors: all of them, here, each with its reason."""

from collections.abc import Mapping
from types import MappingProxyType

from bothways.theories.catalogue import UNEXPLAINED
from bothways.theories.theory import Expect

LIKELIHOOD: Mapping[Expect, float] = MappingProxyType(
    {
        # Before normalising over the answers of a kind.
        Expect.ALWAYS: 1.0,
        # Twice as likely as an even answer: "usually" must not settle anything alone.
        Expect.USUALLY: 0.6,
        Expect.EVEN: 0.3,
        # One in fifty: measurements and reports of people err about that often. Where the other of two answers is
        # always expected it is just decisive against even odds.
        Expect.RARELY: 0.02,
        # Elimination is logic, kept apart; in the arithmetic an impossible observation is a reading error in a
        # thousand.
        Expect.NEVER: 0.001,
    }
)

DOUBT = 0.2
"""Share of unsure answers that say nothing about the cause, so that each answer is as likely there.

An observer whose place was inferred by halves, a capture that may have been told to leave out what it does not show or
that lost packets, a record without packets: of such answers one in five may say nothing, ten times as many as
measurements err by. So an unsure answer moves two causes apart by a factor of some ten at most, and never by the
decisive one.
"""

PRIORS: Mapping[str, float] = MappingProxyType(
    {
        # How often somebody who looks for help with a failing connection turns out to have this, as support
        # engineers' write-ups and question-and-answer sites let one guess. Wrong by a factor of three it confirms no
        # other cause in the case collection; at worst it leaves open what was confirmed.
        "destination-blocked": 0.22,  # the commonest: filters are everywhere and their owners forget them
        "port-closed": 0.15,  # the commonest at the server
        "mtu-black-hole": 0.14,  # tunnels and filtered ICMP
        "application-silent": 0.12,  # hung and overloaded programs; many of them never look like a network's fault
        "application-refused": 0.12,  # expired certificates, dead backends, forbidden addresses; told by their words
        "asymmetric-bypass": 0.10,  # every multi-homed site with a stateful firewall is one route away from it
        "sni-filtered": 0.10,  # campus, company and country filters; they hit few names each
        "accept-queue-overflow": 0.07,  # busy servers only
        "reply-lost": 0.05,  # a missing way back, mostly after a change of routes
        "server-ignores-syn": 0.05,  # host filters that nobody thinks of, queues of busy servers
        "client-refuses-reply": 0.02,  # hosts with two connections or a VPN, and their reverse path filter
        # A host filter that lets the SYN in and not what follows it, a full table of connections, broken checksums.
        "host-refuses-ack": 0.025,
        "random-loss": 0.08,  # radio, bad optics, full lines: common, and mostly felt as slowness, not as failure
        "path-member-fault": 0.03,  # bundles and balanced routes are everywhere; their bad members are mostly noticed
        "source-blocked": 0.08,  # bans and lists that caught a client; few look for the fault in the network then
        "destination-unreachable": 0.06,  # hosts that are down or moved; whoever sees "no route to host" mostly knows
        "routing-loop": 0.04,  # short-lived where routing is dynamic; stays where routes are static
        "client-gone-or-spoofed": 0.05,  # every server on the Internet has such half-open entries; few are asked about
        "receive-window-closed": 0.04,  # programs that hang in the middle of a transfer
        "established-outbound-drop": 0.05,  # takes a wrong rule in one particular place
        "state-table-full": 0.04,  # busy or attacked firewalls and translators, forgotten limits
        "stale-tuple": 0.01,  # few clients keep to one port
        "state-expired": 0.05,  # long silences meet short timers: pools of connections, shells, cloud balancers
        # The mirror of the bypass, as easily made; fewer sites filter what comes in by another box than what goes out.
        "asymmetric-reply-through-firewall": 0.05,
        "firewall-pair-unsynchronised": 0.02,  # takes two firewalls, and state that nobody thought of sharing
        "window-mangled": 0.03,  # asymmetric or restarted firewalls, and only long transfers show it
        "syn-proxy": 0.03,  # load balancers without a living member; most of them refuse instead
        # Few paths drop a SYN for what it offers, and kernels avoid what was seen to be disliked.
        "option-sensitive": 0.015,
        "sequence-rewritten": 0.02,  # a firewall that randomises and is bypassed at once
        # A cause that the catalogue does not know. Less than several that it knows: what field knowledge names has a
        # file by now. Small, too, because it finds every answer equally likely and so loses
        # little by any; what keeps the catalogue honest where it is incomplete is that nothing is confirmed without a
        # proof.
        UNEXPLAINED: 0.03,
    }
)

CONFIRMED_FROM = 0.95
"""Posterior probability from which a theory can be confirmed."""

DECISIVE_RATIO = 20.0
"""Likelihood ratio of one fact from which it settles a rivalry: the usual bound for strong evidence (Kass and Raftery
1995)."""

WORTH_NAMING = 0.01
"""Posterior probability below which a theory that is not eliminated is not listed as possible."""

INSEPARABLE_RATIO = 10.0
"""Two theories that no family of facts in view separates by this factor are declared inseparable."""
