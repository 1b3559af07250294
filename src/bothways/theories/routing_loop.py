"""routing-loop: routers send the packets to each other until their hops are used up.

What happens
    Two or more routers each hold another one for the next hop towards the destination: a route that was withdrawn on
    one side only, a default route against a missing specific one, a static route that points back. Packets go round
    until their TTL is used up, and never arrive. It can befall the way there, towards the server, or the way back,
    towards the client.

What it leaves behind
    Client: SYNs and no SYN+ACK; where routers say so, ICMP "time exceeded" about ordinary SYNs, which left with 64
    hops or more. Server: nothing, or, where the way back loops, SYNs, repeated SYN+ACKs, and "time exceeded" about
    those. Firewall: the SYN passes; inside of the loop a capture shows each packet many times, its TTL falling.
    Paths: the same routers again and again, until the tool gives up.

What would refute it
    A report of the same way that reaches the other end while connections fail. An answer of the other end to the SYN.

What tells it from its neighbours
    An unreachable destination: one router says so at once, and the report ends there. A filter: the report ends, or
    goes through, and no hops run out. A lost reply: the way back ends without a circle.

What to ask next
    `mtr` both ways; the routing tables of the routers in the circle.

What to change
    Correct the route on one of the routers in the circle. Verify: `mtr` passes each router once and reaches the other
    end.

A safe workaround
    A static route to the one prefix on the router before the circle, past it. Risk: it stays when the network changes,
    and then leads astray by itself; note who must take it out.

References:
    RFC 792 (time exceeded); RFC 1812 section 5.3.1 (time to live); RFC 4443 section 3.3; Augustin et al. 2006,
    "Avoiding traceroute anomalies with Paris traceroute" (circles that are none).
"""

from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.hops_left import HOPS_LEFT, Hops
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.icmp_errors import ICMP_BACK, ICMP_SENDER, ICMP_THERE, Reporter, Said
from bothways.facts.loops import LOOP, Circles
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.reach import PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="routing-loop",
    title="routers send the packets round in a circle",
    claim="routers send the packets to each other until their hops are used up, and they never arrive",
    mend="correct the route on one of the routers in the circle",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        # A circle that begins after the handshake is rare, and possible.
        expect(ANSWER_TO_SYN, {Answer.NOTHING: U, Answer.UNREACHABLE: U}, rest=R),
        expect(SEEN_AT_SERVER, {Reached.NOTHING: U, Reached.SYN: U}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: E}, rest=R),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: U, Held.TAKEN: E}, rest=R),
        expect(PLACE_OF_LOSS, {Lost.ON_PATH: U, Lost.ON_WAY_BACK: U}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: U}, rest=R),
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: U, Remembered.NO_ENTRY: E, Remembered.REPLIED: E}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        # Reports are often made when all is well again.
        expect(TRACE_THERE, {Trace.STOPS: U, Trace.REACHES: E}),
        expect(LOOP, {Circles.THERE: A, Circles.BACK: A, Circles.NONE: R}),
        expect(HOPS_LEFT, {Hops.USED_UP: A, Hops.SOME_LEFT: R}),
        # Many networks filter what routers say.
        expect(ICMP_THERE, {Said.EXPIRED: U, Said.NONE: U}, rest=R),
        expect(ICMP_BACK, {Said.EXPIRED: U, Said.NONE: U}, rest=R),
        expect(ICMP_SENDER, {Reporter.ROUTER: A, Reporter.SERVERS_NETWORK: E}, rest=R),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((LOOP, Circles.THERE), (ICMP_THERE, Said.EXPIRED)),
        proof((LOOP, Circles.BACK), (ICMP_BACK, Said.EXPIRED)),
        proof((LOOP, Circles.THERE), (SEEN_AT_SERVER, Reached.NOTHING)),
        proof((LOOP, Circles.BACK), (SEEN_AT_SERVER, Reached.SYN)),
        proof((LOOP, Circles.THERE), (HOPS_LEFT, Hops.USED_UP)),
        proof((LOOP, Circles.BACK), (HOPS_LEFT, Hops.USED_UP)),
    ),
    ladder=Ladder(
        middle="routers in a circle",
        rungs=(
            there("SYN", dropped=Upright.MIDDLE, note="round and round, until its hops are used up"),
            back("ICMP time exceeded", start=Upright.MIDDLE),
            there("SYN", dropped=Upright.MIDDLE, note="again after 1, 3, 7 s, where no error came"),
        ),
    ),
)
