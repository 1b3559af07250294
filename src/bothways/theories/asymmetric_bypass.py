"""asymmetric-bypass: the way back skips the stateful firewall that the way there passes.

What happens
    The client's SYN goes out through a stateful firewall. The server's SYN+ACK comes back over another link and never
    meets that firewall. The client's ACK goes out through the firewall again, which never saw a SYN+ACK, takes the ACK
    for invalid and drops it (or answers it with a reset). No ACK ever completes the handshake: the client resends its
    data, the server resends its SYN+ACK, and both time out.

What it leaves behind
    Client: SYN, SYN+ACK, ACK, data; the data resent ever more slowly, the SYN+ACK repeated after about 1, 3 and 7 s
    with the same numbers, each repeat answered. Nothing of the server but SYN+ACKs. A client that says nothing first
    (SSH) resends no data: then the repeats are the only symptom. Its own socket counts as ESTABLISHED.
    Server: one SYN per connection, repeated SYN+ACKs, and nothing else of the client, ever; `ss` shows SYN-RECV.
    Firewall: an entry `SYN_SENT [UNREPLIED]` while ACKs with a valid server sequence number arrive; the counter of
    packets in state invalid rises by one per client packet; the SYN on both sides, the client's other packets on the
    inside only, the SYN+ACK on neither. One that rejects sends the client a reset that the server never sees.
    Paths: the firewall is a hop of the way there and proven absent from the way back. TCP SYN traces reach the
    server; a trace of ACKs within the connection ends at the firewall.

What would refute it
    Anything but SYNs of the connection at the server. A firewall that saw replies of it and is where the packets die.

What tells it from its neighbours
    A rule against established packets leaves the same packets everywhere; the firewall's state differs: it saw replies.
    An overflowing accept queue looks the same from the client; at the server the ACKs are there. Unequal numbers of
    routers each way are common in a healthy Internet and prove nothing, equal ones refute nothing. Of two firewalls
    without shared state the second usually drops the SYN+ACK, which then never reaches the client; where it lets it
    pass it takes no part, and this is what fails.

What to ask next
    The firewall's state table and captures on both its sides; the path from the server to the client, and the same from
    another server that works.

What to change
    Route both ways through the same firewall (or the same pair with synchronised state), or exempt the traffic from
    state checks. Verify: the SYN+ACK appears on the firewall, the entry becomes ESTABLISHED, and the server sends its
    SYN+ACK once.

A safe workaround
    Exempt the one pair of prefixes from state checks on the firewall (`notrack` and an explicit accept both ways).
    Risk: for that pair it filters by addresses and ports only, and lets forged packets pass as replies.

References:
    RFC 9293 section 3.5 (handshake), 3.10.7.4 (SYN-RECEIVED); Linux net/netfilter/nf_conntrack_proto_tcp.c (an ACK in
    SYN_SENT is invalid); Netgate, "Troubleshooting Asymmetric Routing".
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
from bothways.facts.loss import LOSS_THERE, Pattern
from bothways.facts.one_way_routers import ONE_WAY_ROUTERS, OneWay
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.reply_router import REPLY_ROUTER, Router
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.state_counters import INVALID_COUNTED
from bothways.facts.stopped_by import STOPPED_BY, StoppedBy
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import FIREWALL_ON_WAYS, TRACE_THERE, Stands, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="asymmetric-bypass",
    title="the way back skips the stateful firewall",
    claim=(
        "the server's SYN+ACK comes back around the stateful firewall, which therefore takes the client's ACK "
        "for invalid and drops everything after the SYN"
    ),
    mend="route both ways through the same stateful firewall, or exempt this traffic from its state checks",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # The first one may have been lost on its way.
        expect(SYN_REPEATS, {SynAgain.NO: A, SynAgain.YES: R}),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        # A server in SYN-cookie mode keeps no state and repeats nothing: no repeat proves nothing about the ACK.
        expect(SYN_ACK_REPEATS, {Repeats.SEVERAL: U, Repeats.ONE: E, Repeats.NONE: E}),
        expect(CLIENT_DATA_ACKED, {Acked.NO: A}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: U, Left.NOTHING: E}),
        expect(SEEN_AT_SERVER, {Reached.SYN: A}),
        expect(ACK_FATE, {AckFate.LOST: A}),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U, Lost.ON_WAY_BACK: R}),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.AFTER_ACK: E, Moment.AFTER_DATA: E, Moment.LATER: R}),
        # A late RST can be the server's own: its half-open connection expired and the path healed.
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: R}),
        # The records may be those of another firewall on the path, which did see both ways.
        expect(FIREWALL_STATE, {Remembered.BYPASSED: U, Remembered.UNREPLIED: E, Remembered.REPLIED: R}, rest=R),
        expect(DROP_RULE, {Dropped.INVALID_ONLY: U, Dropped.NONE: E}, rest=R),
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: U, Passes.BOTH: R, Passes.REPLY_ONLY: E, Passes.APART: E}),
        # The ways may part on the end's own segment, or behind its only router.
        expect(REPLY_ROUTER, {Router.SAME: U, Router.ANOTHER: U}, rest=E),
        expect(ONE_WAY_ROUTERS, {OneWay.THERE: U, OneWay.BOTH: E, OneWay.BACK: E, OneWay.NONE: R}),
        expect(FIREWALL_ON_WAYS, {Stands.THERE_ONLY: A}, rest=R),
        expect(LAST_ANSWER, {Farther.ACK_STOPS: U, Farther.SYN_STOPS: R}, rest=E),
        # Where the firewall is the last router that answers, nothing behind it shows the drop.
        expect(
            PROBES_INSIDE,
            {Inside.ACK_STOPS: A, Inside.SEGMENTS_STOP: A, Inside.ALL_PASS: E},
            rest=R,
        ),
        # A strict firewall lets nothing begin with an ACK, which few make differ by address. One that never saw the
        # reply cannot hold the connection for established.
        expect(STOPPED_BY, {StoppedBy.UNSEEN_REPLY: A, StoppedBy.FLAG_OR_STATE: A, StoppedBy.ACK_FLAG: R}),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: R}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        # Return paths that are balanced by port let some connections come back through the firewall.
        # Ways back that are balanced by port lead some connections through the firewall.
        expect(LOSS_THERE, {Pattern.BY_CONNECTION: E, Pattern.RANDOM: R}, rest=U),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: E}),
        # Going around a firewall mostly saves its hop, and what stands beside it.
        expect(BACK_DISTANCE, {Length.SHORTER: U}, rest=E),
        expect(ROUTERS_EACH_WAY, {Counts.UNEQUAL: U, Counts.EQUAL: E}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.COUNTED: U, Counted.RISEN: U, Counted.NONE: E}),
        # The counters may be those of another firewall.
        expect(INVALID_COUNTED, {Counted.RISEN: U, Counted.COUNTED: U, Counted.NONE: E}),
        expect(LOGGED_DROPS, {Logged.LATER_AS_INVALID: U, Logged.LATER: U}, rest=R),
    ),
    proofs=(
        # A firewall that tolerates what it calls invalid would show the same state: the loss must be its own.
        proof((FIREWALL_STATE, Remembered.BYPASSED), (PLACE_OF_LOSS, Lost.AT_DEVICE)),
        proof((FIREWALL_STATE, Remembered.BYPASSED), (SEEN_AT_SERVER, Reached.SYN)),
        proof(
            (FIREWALL_STATE, Remembered.BYPASSED),
            (DROP_RULE, Dropped.INVALID_ONLY),
            (SERVER_TOOK_ACK, Took.NOT_TAKEN),
        ),
        # Who resets in the server's name what fits no connection is the device that drops it.
        proof(
            (FIREWALL_STATE, Remembered.BYPASSED), (DROP_RULE, Dropped.INVALID_ONLY), (RESET_SENDER, Sender.NOT_SERVER)
        ),
        # A SYN+ACK that a second firewall drops leaves the server with SYNs only, too: it must have reached the client.
        proof(
            (FIREWALL_ON_WAYS, Stands.THERE_ONLY),
            (SEEN_AT_SERVER, Reached.SYN),
            (ANSWER_TO_SYN, Answer.SYN_ACK),
        ),
        # Between two routers the ACK stops, while the connection's SYN and ACKs of no connection pass: so neither flags
        # nor addresses, ports or sizes stop it, but what the device holds of this connection, and it holds it for one
        # that still opens. A rule against `established` stops that SYN as well, one against flags the strays; a full
        # table or loss spares no kind of packet; a cause at the server lets the ACK pass all routers. Filters of names,
        # and firewalls that forget, may stop all of a connection in the end, but after the server took its ACK.
        proof((STOPPED_BY, StoppedBy.UNSEEN_REPLY), (SERVER_TOOK_ACK, Took.NOT_TAKEN)),
    ),
    ladder=Ladder(
        middle="stateful firewall",
        rungs=(
            there("SYN"),
            back("SYN+ACK", around=True),
            there("ACK", dropped=Upright.MIDDLE, note="invalid: it never saw the SYN+ACK"),
            there("data", dropped=Upright.MIDDLE),
            back("SYN+ACK", around=True, note="again after 1, 3, 7 s"),
            there("ACK", dropped=Upright.MIDDLE),
            there("data", dropped=Upright.MIDDLE, note="again and again, ever more slowly"),
        ),
    ),
)
