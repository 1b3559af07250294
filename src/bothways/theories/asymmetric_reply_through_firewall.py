"""asymmetric-reply-through-firewall: the way there skips the stateful firewall that the way back passes.

What happens
    The client's SYN reaches the server by a way that no stateful firewall watches. The server's SYN+ACK comes back
    through one, which never saw a SYN: a SYN+ACK out of nothing fits no connection, and it is dropped (or the server is
    reset). The client hears nothing and repeats its SYN; the server answers each, in vain.

What it leaves behind
    Client: SYNs after 1, 3, 7 s, and nothing back. Server: each of these SYNs, and a SYN+ACK to each. Firewall:
    SYN+ACKs enter on the side of the server and never leave; no entry of the connection; the counter of packets in
    state invalid rises by one per SYN+ACK. Paths: the firewall is a hop of the way back and none of the way there;
    every other hop stands on both.

What would refute it
    An entry of the connection in any firewall's table. A SYN+ACK at the client. A server that never sent one.

What tells it from its neighbours
    Two firewalls without shared state leave the same packets at the second one; the first one holds an entry of the
    SYN, and the way there passes a router that the way back does not. A reply that is lost for another reason is no
    invalid packet to a firewall that saw its SYN.

What to ask next
    The path from the client to the server and back, by name; captures on both sides of the firewall; the tables of all
    stateful devices of either way.

What to change
    Route both ways through the same firewall, or exempt the traffic from state checks. Verify: SYN and SYN+ACK both
    appear on the firewall, and an entry becomes ESTABLISHED.

A safe workaround
    Exempt the one pair of prefixes from state checks on the firewall (`notrack` and an explicit accept both ways).
    Risk: for that pair it filters by addresses and ports only, and lets forged replies pass.

References:
    RFC 9293 section 3.5 (handshake); RFC 6298 section 2 (the SYN's timer); Linux
    net/netfilter/nf_conntrack_proto_tcp.c (a SYN+ACK without a connection is invalid, whatever tcp_loose says);
    Netgate, "Troubleshooting Asymmetric Routing".
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, Took
from bothways.facts.back_distance import BACK_DISTANCE, Length
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.distance import ROUTERS_EACH_WAY, Counts
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.loss import LOSS_BACK, Pattern
from bothways.facts.one_way_routers import ONE_WAY_ROUTERS, OneWay
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.reply_router import REPLY_ROUTER, Router
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.state_counters import INVALID_COUNTED
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.way_beside_control import WAY_BESIDE_CONTROL, Beside
from bothways.facts.ways import FIREWALL_ON_WAYS, TRACE_THERE, Stands, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="asymmetric-reply-through-firewall",
    title="the way there skips the stateful firewall",
    claim=(
        "the client's SYN reaches the server around the stateful firewall that the SYN+ACK comes back through, "
        "which takes the SYN+ACK for invalid and drops it"
    ),
    mend="route both ways through the same stateful firewall, or exempt this traffic from its state checks",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.NOTHING: A, Answer.RESET: R, Answer.PROHIBITED: R, Answer.UNREACHABLE: R}),
        expect(SYN_REPEATS, {SynAgain.YES: A, SynAgain.NO: R}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # A client that gave up after one SYN leaves a server that repeats its SYN+ACK.
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        expect(CLIENT_DATA_ACKED, {}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {}),
        expect(SEEN_AT_SERVER, {Reached.SYN: A}),
        expect(ACK_FATE, {}),
        expect(PLACE_OF_LOSS, {Lost.ON_WAY_BACK: A}, rest=R),
        # Some firewalls reset the sender of what they take for invalid: the server.
        expect(RESET_MOMENT, {Moment.NONE: U}, rest=R),
        # What the server sends is a SYN+ACK.
        expect(RESET_SENDER, {Sender.NOT_SERVER: A}),
        expect(FIREWALL_STATE, {Remembered.NO_ENTRY: U}, rest=R),
        expect(DROP_RULE, {Dropped.INVALID_ONLY: U, Dropped.NONE: E}, rest=R),
        # Observers elsewhere on the path may see the SYN, with the SYN+ACK or without; few watch the link around.
        expect(OPENING_ON_PATH, {Passes.REPLY_ONLY: U, Passes.BOTH: E, Passes.SYN_ONLY: E, Passes.APART: R}),
        # The ways may part on the end's own segment, or behind its only router.
        expect(REPLY_ROUTER, {Router.SAME: U, Router.ANOTHER: U}, rest=E),
        expect(ONE_WAY_ROUTERS, {OneWay.BACK: U, OneWay.BOTH: E, OneWay.THERE: E, OneWay.NONE: R}),
        # A firewall that lowers no TTL is on no report.
        expect(WAY_BESIDE_CONTROL, {Beside.FEWER: U, Beside.OTHERS: E, Beside.SAME: E}),
        expect(FIREWALL_ON_WAYS, {Stands.BACK_ONLY: A}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: R}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        # Ways that are balanced by port let some connections pass the firewall on both.
        expect(LOSS_BACK, {Pattern.BY_CONNECTION: E, Pattern.RANDOM: R}, rest=U),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: E}),
        # Going around a firewall mostly saves its hop, and what stands beside it.
        expect(BACK_DISTANCE, {Length.LONGER: U}, rest=E),
        expect(ROUTERS_EACH_WAY, {Counts.UNEQUAL: U, Counts.EQUAL: E}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(INVALID_COUNTED, {Counted.RISEN: U, Counted.COUNTED: U, Counted.NONE: E}),
        expect(LOGGED_DROPS, {Logged.BACK: U}, rest=R),
    ),
    proofs=(
        proof(
            (OPENING_ON_PATH, Passes.REPLY_ONLY),
            (DROP_RULE, Dropped.INVALID_ONLY),
            (ANSWER_TO_SYN, Answer.NOTHING),
        ),
        proof(
            (FIREWALL_STATE, Remembered.NO_ENTRY),
            (DROP_RULE, Dropped.INVALID_ONLY),
            (PLACE_OF_LOSS, Lost.ON_WAY_BACK),
        ),
        proof((FIREWALL_ON_WAYS, Stands.BACK_ONLY), (PLACE_OF_LOSS, Lost.ON_WAY_BACK)),
    ),
    ladder=Ladder(
        middle="stateful firewall",
        rungs=(
            there("SYN", around=True),
            back("SYN+ACK", dropped=Upright.MIDDLE, note="invalid: it never saw the SYN"),
            there("SYN", around=True, note="again after 1, 3, 7 s"),
            back("SYN+ACK", dropped=Upright.MIDDLE),
        ),
    ),
)
