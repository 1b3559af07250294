"""destination-unreachable: a router on the way knows no way to the server, and says so.

What happens
    The packet gets as far as a router that cannot pass it on: it has no route to the server's prefix, or, being the
    last one, nobody answers its question for the server's link-layer address (ARP, neighbour discovery): the host is
    down, moved, or behind a broken cable. The router drops the packet and says so with an ICMP error. The client's own
    host does the same where it has no route itself, or its gateway is down.

What it leaves behind
    Client: SYNs, and ICMP "host unreachable" or "no route" from a router; no SYN+ACK. A failed link-layer lookup takes
    seconds, three on Linux; a missing route is told at once. Server: nothing. Firewall: the SYN passes; the ICMP error
    comes back. Paths: the report ends at the router that speaks, marked `!H` or `!N`.

What would refute it
    A SYN of the connection at the server. Any answer of the server.

What tells it from its neighbours
    A filter says "prohibited" or "port unreachable", and its rule counts. A routing loop says "time exceeded". A
    silent loss says nothing.

What to ask next
    Who sent the error: its source address among the hops of a path report. On that router: the route to the server,
    and the neighbour table. Whether the server is up and has the address.

What to change
    Start the server or give it its address back, or restore the route on the router that speaks. Verify: the error no
    longer comes, and the SYN is answered.

A safe workaround
    Lead the clients to another address of the same service by DNS. Risk: whoever has the old address cached keeps
    failing until its lifetime ends.

References:
    RFC 792 (destination unreachable); RFC 1812 sections 4.3.3.1 and 5.2.7.1; RFC 4443 section 3.1; RFC 1122 section
    2.3.2.2 (packets that wait for ARP); Linux net/ipv4/arp.c, arp_error_report.
"""

from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.icmp_errors import ICMP_SENDER, ICMP_THERE, Reporter, Said
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.other_clients import OTHER_CLIENTS, Others
from bothways.facts.reach import PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="destination-unreachable",
    title="a router knows no way to the server, and says so",
    claim="a router on the way cannot reach the server (no route, or nobody answers for its address) and says so",
    mend="start the server or give it its address back, or restore the route on the router that sends the error",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        # Networks that filter ICMP leave a silence.
        expect(ANSWER_TO_SYN, {Answer.UNREACHABLE: U, Answer.NOTHING: E, Answer.PROHIBITED: R, Answer.RESET: R}),
        expect(SEEN_AT_SERVER, {Reached.NOTHING: A}),
        expect(SERVER_SOCKET, {}),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: E}, rest=R),
        expect(PLACE_OF_LOSS, {Lost.ON_PATH: U, Lost.AT_DEVICE: E}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: U}, rest=R),
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: U, Remembered.NO_ENTRY: E}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.STOPS: U, Trace.REACHES: R}),
        expect(ICMP_THERE, {Said.NO_HOST: U, Said.NO_ROUTE: U, Said.NONE: E}, rest=R),
        expect(ICMP_SENDER, {Reporter.ROUTER: U, Reporter.SERVERS_NETWORK: U, Reporter.CLIENT: E}, rest=R),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(OTHER_CLIENTS, {Others.FAIL_ALIKE: U, Others.WORK_ELSEWHERE: E, Others.WORK: R}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: E, Queue.NOBODY: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((ICMP_THERE, Said.NO_HOST), (ICMP_SENDER, Reporter.ROUTER)),
        proof((ICMP_THERE, Said.NO_HOST), (ICMP_SENDER, Reporter.SERVERS_NETWORK)),
        proof((ICMP_THERE, Said.NO_HOST), (ICMP_SENDER, Reporter.CLIENT)),
        proof((ICMP_THERE, Said.NO_ROUTE), (ICMP_SENDER, Reporter.ROUTER)),
        proof((ICMP_THERE, Said.NO_ROUTE), (ICMP_SENDER, Reporter.SERVERS_NETWORK)),
        proof((ICMP_THERE, Said.NO_ROUTE), (ICMP_SENDER, Reporter.CLIENT)),
    ),
    ladder=Ladder(
        middle="router",
        rungs=(
            there("SYN", dropped=Upright.MIDDLE, note="no route, or nobody answers for the address"),
            back("ICMP host unreachable", start=Upright.MIDDLE, note="at once, or after a lookup of 3 s"),
        ),
    ),
)
