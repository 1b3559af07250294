"""reply-lost: the server answers the SYN, and its SYN+ACK is lost on the way back.

What happens
    The client's SYN arrives and the server answers it. The SYN+ACK is lost on its way back: a router there has no route
    to the client's network, a filter drops what comes from the server's address or port, or the reply leaves by a line
    whose owner drops sources that are not his (BCP 38). The client repeats its SYN, the server its SYN+ACK, and both
    give up.

What it leaves behind
    Client: SYNs, repeated after about 1, 3 and 7 s, and nothing that comes back. Server: each of these SYNs, and a
    SYN+ACK for each and more between them; sockets in SYN-RECV; an ICMP error (3/0, 3/1, 3/13) about the SYN+ACK where
    the router or filter says so. Firewall: an entry `SYN_SENT [UNREPLIED]` if it stands on the way there; no SYN+ACK
    on the side of the server where the loss is behind it; the counter of the rule that drops rises by one for each
    SYN+ACK. Paths: reports from the server to the client end where the route ends (a filter of TCP alone does not stop
    them).

What would refute it
    A SYN+ACK at the client's own card. A server that sends none. An ACK of the client in the connection.

What tells it from its neighbours
    A client that refuses the reply has it on its own card. A server that ignores the SYN sends nothing. Where the reply
    meets a stateful firewall that never saw the SYN, that firewall calls it invalid and counts it so. From the server's
    capture alone it looks the same as a client that refuses the reply.

What to ask next
    A capture at the client's own card; the path from the server to the client; the rules, with counters, and the routes
    of what stands on it.

What to change
    Give the router there a route back to the client's network, or narrow the rule that drops the replies. Verify: the
    SYN+ACK reaches the client's card, and `ip route get CLIENT` on that router names the next hop.

A safe workaround
    Reach the service from an address whose way back works, or over a tunnel. Risk: it hides the fault from whoever
    could mend it, and everybody else behind the broken way stays cut off.

References:
    RFC 9293 section 3.8.1 (retransmission); RFC 1812 section 5.2.7.1 (destination unreachable); RFC 2827 (BCP 38);
    ip-route(8).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, Took
from bothways.facts.client_presence import CLIENT_PRESENCE, Presence
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, SERVER_DISCARDS, Counted, Discarded
from bothways.facts.host_rules import SERVER_RULE, HostDrops
from bothways.facts.icmp_errors import ICMP_BACK, Said
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.reply_arrival import REPLY_RETURNED, Returned
from bothways.facts.reply_rules import REPLY_RULE, ReplyDrops
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="reply-lost",
    title="the server's reply is lost on its way back",
    claim="the server answers the SYN, and its SYN+ACK is lost on the way back to the client",
    mend="give the way back a route to the client, or narrow the filter that drops the server's replies",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.NOTHING: A, Answer.SYN_ACK: N, Answer.IGNORED: N, Answer.RESET: N}, rest=R),
        expect(SYN_REPEATS, {SynAgain.YES: A, SynAgain.NO: R}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(REPLY_RETURNED, {Returned.UNREACHABLE: U, Returned.NO: E}),
        expect(REPLY_RULE, {ReplyDrops.BY_ADDRESS: U, ReplyDrops.NONE: E}),
        # Whoever drops the reply may say so to the server.
        expect(ICMP_BACK, {Said.NONE: U, Said.NO_HOST: U, Said.NO_ROUTE: U, Said.PROHIBITED: U}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        expect(CLIENT_DATA_ACKED, {}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {}),
        # On another card of the server than the one that was captured.
        expect(SEEN_AT_SERVER, {Reached.SYN: A, Reached.NOTHING: R}),
        expect(ACK_FATE, {}),
        # Nobody answers a SYN+ACK that he never got.
        expect(CLIENT_PRESENCE, {Presence.ONLY_SYNS: U, Presence.ALIVE: U}, rest=R),
        expect(PLACE_OF_LOSS, {Lost.ON_WAY_BACK: A}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: A}, rest=R),
        # The records may be those of another firewall on the path.
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: U, Remembered.REPLIED: E, Remembered.NO_ENTRY: R}),
        # The ways may differ for good reasons; nobody but the firewalls of both need see each half elsewhere.
        expect(OPENING_ON_PATH, {Passes.BOTH: U, Passes.SYN_ONLY: U, Passes.REPLY_ONLY: E, Passes.APART: R}),
        expect(DROP_RULE, {Dropped.NONE: U}, rest=R),
        expect(LOGGED_DROPS, {Logged.BACK: A}, rest=R),
        # The reports' own replies are lost with the rest, where not TCP alone is.
        expect(TRACE_THERE, {Trace.STOPS: U, Trace.REACHES: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        # A server that answers has discarded nothing.
        expect(SERVER_DISCARDS, {Discarded.NOTHING: A}, rest=R),
        expect(SERVER_RULE, {HostDrops.NONE: A}, rest=R),
    ),
    proofs=(
        proof((SERVER_ANSWER, Sent.SYN_ACK), (ANSWER_TO_SYN, Answer.NOTHING), (REPLY_RULE, ReplyDrops.BY_ADDRESS)),
        proof((SERVER_ANSWER, Sent.SYN_ACK), (ANSWER_TO_SYN, Answer.NOTHING), (REPLY_RETURNED, Returned.UNREACHABLE)),
    ),
    ladder=Ladder(
        middle="router or filter on the way back",
        rungs=(
            there("SYN"),
            back("SYN+ACK", dropped=Upright.MIDDLE, note="no route, or a rule"),
            there("SYN", note="again after 1, 3, 7 s"),
            back("SYN+ACK", dropped=Upright.MIDDLE, note="for each of them, and more between"),
        ),
    ),
)
