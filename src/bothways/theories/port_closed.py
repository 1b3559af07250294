"""port-closed: nothing listens on the port, and the server says so.

What happens
    The SYN reaches a host on which no program listens on that port; its kernel answers with a reset (RFC 9293 section
    3.10.7.1).

What it leaves behind
    Client: a RST right after the SYN, with acknowledgement number ISN+1; the program is told "connection refused".
    Server: the SYN comes in, the RST goes out. `ss -ltn` shows no socket on the port, or one that is bound to another
    address (127.0.0.1).
    Firewall: the SYN passes there and the RST back, which ends the entry at once; no counter of drops rises.
    Paths: everything reaches the server.
    Controls: other ports of the address may work.

What would refute it
    A SYN+ACK. A reset that the server never sent.

What tells it from its neighbours
    A filter that rejects with a reset sends the same packet, to the bit: a server's reset to a SYN has no options and
    the IP identification 0, too. The server's own capture does not show it, or it comes sooner than the server can
    answer.

What to ask next
    A capture at the server, or `ss -ltn` there.

What to change
    Start the program, or correct the port or address. Verify: `ss -ltn` shows the port, and the SYN is answered by
    SYN+ACK.

A safe workaround
    Send the clients to an address and port where the program does listen, by DNS or a load balancer. Risk: none to the
    network; whoever has the old address cached keeps failing.

References:
    RFC 9293 section 3.10.7.1; connect(2), ECONNREFUSED; ss(8); Linux net/netfilter/nf_conntrack_proto_tcp.c
    (an entry whose only reply is a RST is deleted).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK
from bothways.facts.comparison import SIBLINGS, Siblings
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.other_clients import OTHER_CLIENTS, Others
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Queue
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="port-closed",
    title="nothing listens on the port",
    claim="the server's own host refuses the connection: nothing listens on this port, or its own filter rejects it",
    mend="start the program on that port, or correct the port or address that clients use",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.RESET: A}),
        expect(SYN_REPEATS, {SynAgain.NO: U, SynAgain.YES: E}),
        expect(SERVER_TOOK_ACK, {}),
        expect(CLIENT_DATA_ACKED, {}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {}),
        expect(SEEN_AT_SERVER, {Reached.SYN: A}),
        expect(ACK_FATE, {}),
        expect(PLACE_OF_LOSS, {}),
        expect(RESET_MOMENT, {Moment.AFTER_SYN: A}),
        expect(RESET_SENDER, {Sender.SERVER: A}),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(OTHER_CLIENTS, {Others.FAIL_ALIKE: U, Others.WORK_ELSEWHERE: E, Others.WORK: R}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(SERVER_SOCKET, {}),
        # The server's own filter may reject what its program listens for.
        expect(ACCEPT_QUEUE, {Queue.NOBODY: U, Queue.ROOM: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(proof((RESET_SENDER, Sender.SERVER), (RESET_MOMENT, Moment.AFTER_SYN)),),
    ladder=Ladder(
        middle="network",
        rungs=(
            there("SYN", note="arrives"),
            back("RST+ACK", note="the server's kernel: no program listens"),
        ),
    ),
)
