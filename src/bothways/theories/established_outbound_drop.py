"""established-outbound-drop: a rule drops the client's packets once the connection counts as established.

What happens
    A filter lets the SYN pass and drops what follows: a stateless list that permits SYNs only, a rule against the state
    `established` before the one that accepts it, an order gone wrong after a change. The SYN+ACK comes back; the
    client's ACK and data die at the filter.

What it leaves behind
    Client and server: the same packets as asymmetric-bypass, to the bit. The client's data is resent, the SYN+ACK
    repeated after about 1, 3 and 7 s; of the client nothing but the SYN reaches the server.
    Firewall: the rule's counter rises by one per client packet after the SYN; connection tracking, where there is any,
    saw replies (SYN_RECV or ESTABLISHED). The SYN+ACK passes both its sides, the client's other packets are on the
    inside only.
    Paths: the filter may stand on both ways. SYN traces reach the server, ACK traces end at the filter, within a
    connection or without one.
    Controls: another destination through the same filter fails alike, unless the rule names this one.

What would refute it
    A bare ACK or data at the server. A firewall at which ACKs arrive and whose entry never saw a reply.

What tells it from its neighbours
    asymmetric-bypass differs in the firewall's state only: there the reply is missing. An overflowing accept queue
    differs at the server: there the ACKs arrive.

What to ask next
    The ruleset with counters, before and after one more attempt; the state table.

What to change
    Accept established packets before the rule, or narrow the rule. Verify: its counter stands still during an attempt,
    and the server sends its SYN+ACK once.

A safe workaround
    Accept established packets towards the one destination before the rule. Risk: small where the filter keeps state;
    a stateless filter then lets any packet with an ACK pass to it.

References:
    nft(8), "ct state"; iptables-extensions(8), "conntrack"; Cisco IOS "established" keyword of extended access lists.
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.back_distance import BACK_DISTANCE, Length
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.distance import ROUTERS_EACH_WAY, Counts
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.last_answer import LAST_ANSWER, Farther
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.state_counters import INVALID_COUNTED
from bothways.facts.stopped_by import STOPPED_BY, StoppedBy
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import FIREWALL_ON_WAYS, TRACE_THERE, Stands, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="established-outbound-drop",
    title="a rule drops packets of established connections",
    claim="a filter lets the SYN pass and drops the client's packets once the connection counts as established",
    mend="accept packets of established connections to this destination before the rule that drops them",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # The first one may have been lost on its way.
        expect(SYN_REPEATS, {SynAgain.NO: A, SynAgain.YES: R}),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        expect(SYN_ACK_REPEATS, {Repeats.SEVERAL: U, Repeats.ONE: E, Repeats.NONE: E}),
        expect(CLIENT_DATA_ACKED, {Acked.NO: A}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: U, Left.NOTHING: E}),
        expect(SEEN_AT_SERVER, {Reached.SYN: A}),
        expect(ACK_FATE, {AckFate.LOST: A}),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U, Lost.ON_WAY_BACK: R}),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.AFTER_ACK: E, Moment.AFTER_DATA: E, Moment.LATER: R}),
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: R}),
        # A device that never saw the reply cannot hold the connection for established.
        # A half-open entry is given up after a minute, while the client goes on.
        expect(
            FIREWALL_STATE,
            {Remembered.REPLIED: A, Remembered.UNREPLIED: E, Remembered.NO_ENTRY: E, Remembered.FORGOTTEN: R},
        ),
        expect(DROP_RULE, {Dropped.ESTABLISHED: U, Dropped.NONE: E}, rest=R),
        # A stateful device that stands on one way only cannot hold the connection for established.
        expect(FIREWALL_ON_WAYS, {Stands.BOTH: U}, rest=R),
        expect(LAST_ANSWER, {Farther.ACK_STOPS: U, Farther.SYN_STOPS: R}, rest=E),
        expect(PROBES_INSIDE, {Inside.ACK_STOPS: A, Inside.SEGMENTS_STOP: A, Inside.ALL_PASS: E}, rest=R),
        # A rule that goes by the state and by the flag spares both the repeated SYN and strays; hardly anybody writes
        # one.
        expect(STOPPED_BY, {StoppedBy.UNSEEN_REPLY: R}, rest=U),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        # The rule takes whatever goes to the target; ways that are balanced by port may go around it.
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(BACK_DISTANCE, {Length.AS_LONG: U}, rest=E),
        expect(ROUTERS_EACH_WAY, {Counts.EQUAL: U, Counts.UNEQUAL: E}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.COUNTED: U, Counted.RISEN: U, Counted.NONE: E}),
        expect(INVALID_COUNTED, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: E}),
        expect(LOGGED_DROPS, {Logged.LATER: A}, rest=R),
    ),
    proofs=(
        proof((DROP_RULE, Dropped.ESTABLISHED), (SERVER_TOOK_ACK, Took.NOT_TAKEN)),
        proof((DROP_RULE, Dropped.ESTABLISHED), (SEEN_AT_SERVER, Reached.SYN)),
        proof((DROP_RULE, Dropped.ESTABLISHED), (PLACE_OF_LOSS, Lost.AT_DEVICE)),
        # The SYN that passed once is stopped between the same two routers as the ACK, where fresh SYNs pass: the device
        # goes by the connection's state, and a firewall that never saw the reply takes that SYN for a new one. Who
        # blocks a connection for what was said in it does so after the server took its ACK.
        proof((STOPPED_BY, StoppedBy.ESTABLISHED), (SERVER_TOOK_ACK, Took.NOT_TAKEN)),
        # ACKs of any connection and of none stop, and SYNs pass; and that the device lets connections begin with an
        # ACK is seen at another address, so that it is not for want of state.
        proof((STOPPED_BY, StoppedBy.ACK_FLAG), (SERVER_TOOK_ACK, Took.NOT_TAKEN)),
    ),
    ladder=Ladder(
        middle="filter",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK", dropped=Upright.MIDDLE, note="the rule stands before the one that accepts it"),
            there("data", dropped=Upright.MIDDLE),
            back("SYN+ACK", note="again after 1, 3, 7 s"),
            there("ACK", dropped=Upright.MIDDLE),
            there("data", dropped=Upright.MIDDLE, note="again and again, ever more slowly"),
        ),
    ),
)
