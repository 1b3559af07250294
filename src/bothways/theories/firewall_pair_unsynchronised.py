"""firewall-pair-unsynchronised: each way passes another stateful firewall, and the two share no state.

What happens
    The ways there and back lead through different members of a pair of firewalls (two uplinks, a cluster, two sites),
    which do not tell each other of their connections. The first sees the SYN. The second meets a SYN+ACK out of
    nothing, which fits no connection, and drops it (or resets the server). The client hears nothing. Where the second
    one lets such a SYN+ACK pass, it takes no part: then the first one drops the client's ACK, exactly as if the reply
    had come back around it, and that is what is said of it.

What it leaves behind
    Client: SYNs after 1, 3, 7 s, and nothing back. Server: each of these SYNs, and a SYN+ACK to each. Firewall: on the
    first, an entry `SYN_SENT [UNREPLIED]` and SYNs on both sides; on the second, SYN+ACKs that enter and do not leave,
    no entry, and a counter of packets in state invalid that rises by one each. Paths: each way passes a router that
    the other one does not.

What would refute it
    A SYN+ACK at the client. SYN and SYN+ACK on one firewall. Every router of the way there on the way back too.

What tells it from its neighbours
    From the second firewall alone it looks as if the SYN had come around all firewalls; the first one's table or
    captures show that it did not. From the first alone it looks like any lost reply.

What to ask next
    The tables of both firewalls for the same attempt, and captures on both; the paths of both ways, by name.

What to change
    Synchronise the state of the two (conntrackd, pfsync, FGSP, a cluster), or route both ways through the same one.
    Verify: the second firewall has an entry of the connection before the SYN+ACK meets it.

A safe workaround
    Prefer one of the two for both ways of the one prefix (a more specific route on each side). Risk: its traffic no
    longer survives the loss of that firewall until the routes are taken back.

References:
    RFC 9293 section 3.5 (handshake); conntrack-tools manual, "Synchronization" (conntrackd); pfsync(4); Linux
    net/netfilter/nf_conntrack_proto_tcp.c (a SYN+ACK without a connection is invalid, whatever tcp_loose says).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, Took
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
    id="firewall-pair-unsynchronised",
    title="two firewalls, one on each way, share no state",
    claim=(
        "the SYN passes one stateful firewall and the SYN+ACK meets another one, which was told nothing of the "
        "connection and drops the SYN+ACK as invalid"
    ),
    mend="synchronise the state of the two firewalls, or route both ways through the same one",
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
        expect(RESET_MOMENT, {Moment.NONE: U}, rest=R),
        # What the server sends is a SYN+ACK.
        expect(RESET_SENDER, {Sender.NOT_SERVER: A}),
        # By the first one's table, or by the second one's alone.
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: U, Remembered.NO_ENTRY: E}, rest=R),
        expect(DROP_RULE, {Dropped.INVALID_ONLY: U, Dropped.NONE: E}, rest=R),
        expect(OPENING_ON_PATH, {Passes.APART: A, Passes.SYN_ONLY: E, Passes.REPLY_ONLY: E, Passes.BOTH: R}),
        # The ways may part on the end's own segment, or behind its only router.
        expect(REPLY_ROUTER, {Router.SAME: U, Router.ANOTHER: U}, rest=E),
        expect(ONE_WAY_ROUTERS, {OneWay.BOTH: A}, rest=R),
        # The first one stands on the way there, and not on that of a control that passes the second one both ways.
        expect(WAY_BESIDE_CONTROL, {Beside.OTHERS: U, Beside.SAME: E}, rest=R),
        expect(FIREWALL_ON_WAYS, {Stands.THERE_ONLY: U, Stands.BACK_ONLY: U, Stands.BOTH: R}),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: R}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        # Ways that are balanced by port lead some connections through one firewall both ways.
        expect(LOSS_BACK, {Pattern.BY_CONNECTION: E, Pattern.RANDOM: R}, rest=U),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: E}),
        expect(ROUTERS_EACH_WAY, {Counts.UNEQUAL: E, Counts.EQUAL: U}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(INVALID_COUNTED, {Counted.RISEN: U, Counted.COUNTED: U, Counted.NONE: E}),
        expect(LOGGED_DROPS, {Logged.BACK: U}, rest=R),
    ),
    proofs=(
        proof(
            (FIREWALL_STATE, Remembered.UNREPLIED),
            (OPENING_ON_PATH, Passes.APART),
            (DROP_RULE, Dropped.INVALID_ONLY),
            (ANSWER_TO_SYN, Answer.NOTHING),
        ),
    ),
    ladder=Ladder(
        middle="two firewalls",
        rungs=(
            there("SYN", note="through the first firewall"),
            back("SYN+ACK", dropped=Upright.MIDDLE, note="at the second, which never saw the SYN"),
            there("SYN", note="again after 1, 3, 7 s"),
            back("SYN+ACK", dropped=Upright.MIDDLE),
        ),
    ),
)
