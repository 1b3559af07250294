"""server-ignores-syn: the SYN reaches the server's host, which says nothing.

What happens
    The client's SYN comes in at the server's network card and is dropped there without an answer: a filter of the host
    drops it, its reverse path filter does (the host would reply by another interface), the queue of connections that
    wait to be accepted is full, too many are half open, or the host's own table of connections is full.

What it leaves behind
    Client: SYNs, repeated after about 1, 3 and 7 s, and no answer. Server: these SYNs on the card, and nothing that
    leaves; no socket for the connection; a counter that rises: of the host's own rules, `IPReversePathFilter`,
    `ListenOverflows`, `TCPReqQFullDrop`, or `nf_conntrack: table full` in its log. Firewall: an entry
    `SYN_SENT [UNREPLIED]`. Paths: reports reach the server, unless what drops the SYN drops probes too.

What would refute it
    A SYN+ACK or a RST that leaves the server's card. A socket of the connection in SYN-RECV.

What tells it from its neighbours
    A blocked destination: the SYN never reaches the server's card. A lost reply: the SYN+ACK leaves the server's card,
    though perhaps by another one than was captured. An accept queue that fills up during the handshake answers with a
    SYN+ACK first.

What to ask next
    A capture on all interfaces of the server; its own rules with counters; `nstat -az` before and after an attempt;
    `ss -ltn` for the port.

What to change
    Whatever counts: the host's rule, the route or rp_filter, the program's backlog. Verify: a SYN+ACK leaves the
    server's card.

A safe workaround
    For a full queue, another instance beside it; for a filter or a route, another address of the server that they
    spare. Risk: whoever set the rule may have meant it.

References:
    Linux net/ipv4/tcp_input.c (tcp_conn_request), Documentation/networking/snmp_counter.rst and ip-sysctl.rst
    (rp_filter); RFC 3704 section 2.2; listen(2); nft(8).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, SERVER_DISCARDS, Counted, Discarded
from bothways.facts.host_rules import SERVER_RULE, HostDrops
from bothways.facts.host_table import SERVER_TABLE
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Queue
from bothways.facts.state_counters import Room
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="server-ignores-syn",
    title="the server's host ignores the SYN",
    claim="the client's SYN reaches the server's network card, and the server's own host drops it without an answer",
    mend="change what counts it on the server: the host's rule, the reverse path filter, or the full queue",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.NOTHING: A, Answer.SYN_ACK: N, Answer.IGNORED: N, Answer.RESET: N}, rest=R),
        expect(SYN_REPEATS, {SynAgain.YES: A, SynAgain.NO: R}),
        expect(SERVER_ANSWER, {Sent.NOTHING: A}),
        expect(SERVER_RULE, {HostDrops.OPENING: U, HostDrops.NONE: E}, rest=R),
        expect(SERVER_TABLE, {Room.FULL: U, Room.FREE: E}),
        expect(SERVER_DISCARDS, {Discarded.WRONG_INTERFACE: U, Discarded.SYN_QUEUE: U, Discarded.NOTHING: E}, rest=R),
        expect(SERVER_TOOK_ACK, {}),
        expect(CLIENT_DATA_ACKED, {}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {}),
        # On another card of the server than the one that was captured.
        expect(SEEN_AT_SERVER, {Reached.SYN: A, Reached.NOTHING: R}),
        expect(ACK_FATE, {}),
        expect(PLACE_OF_LOSS, {Lost.AT_SERVER: A}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: A}, rest=R),
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: A}, rest=R),
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: A}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U}, rest=R),
        expect(LOGGED_DROPS, {Logged.OPENING: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: U}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: R}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: E}),
        expect(SERVER_SOCKET, {}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: U, Queue.FULL: U, Queue.HAS_DROPPED: E, Queue.NOBODY: R}),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: U, Counted.RISEN: U}),
    ),
    # A host that says nothing does not show where its capture was taken; what it counts itself does.
    # Where a full queue turns the SYNs away, who found its last places waits for a program that does not come.
    also_leaves=("application-silent",),
    proofs=(
        proof((ANSWER_TO_SYN, Answer.NOTHING), (SERVER_RULE, HostDrops.OPENING)),
        proof((ANSWER_TO_SYN, Answer.NOTHING), (SERVER_DISCARDS, Discarded.WRONG_INTERFACE)),
        proof((ANSWER_TO_SYN, Answer.NOTHING), (SERVER_DISCARDS, Discarded.SYN_QUEUE)),
        proof((ANSWER_TO_SYN, Answer.NOTHING), (SEEN_AT_SERVER, Reached.SYN), (ACCEPT_QUEUE, Queue.FULL)),
        proof((ANSWER_TO_SYN, Answer.NOTHING), (SEEN_AT_SERVER, Reached.SYN), (SERVER_TABLE, Room.FULL)),
        # A capture of all its cards.
        proof((SEEN_AT_SERVER, Reached.SYN), (SERVER_ANSWER, Sent.NOTHING)),
    ),
    ladder=Ladder(
        middle="the network",
        rungs=(
            there("SYN", dropped=Upright.SERVER, note="on the card, dropped by the host"),
            there("SYN", dropped=Upright.SERVER, note="again after 1, 3, 7 s"),
        ),
    ),
)
