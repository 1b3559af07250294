"""accept-queue-overflow: the server's queue of completed connections is full, and its kernel ignores the last ACK.

What happens
    More connections complete than the program accepts. While the listening socket's accept queue is full, the kernel
    ignores the ACK that would complete another one, and the data behind it; it repeats the SYN+ACK later, or, once it
    answers with SYN cookies, does not. With net.ipv4.tcp_abort_on_overflow it resets instead. A queue that stays full
    makes it ignore new SYNs, too.

What it leaves behind
    Client: the same as asymmetric-bypass where the SYN+ACK is repeated; otherwise data resent and never acknowledged,
    or, while the queue stays full, SYNs without an answer.
    Server: ACK and data are there (a capture stands before the accept queue), and nothing answers them but another
    SYN+ACK. `TcpExtListenOverflows` and `TcpExtListenDrops` rise; Recv-Q of the listening socket exceeds its Send-Q,
    or did a moment ago. Other connections of the same moment are taken, other ports are fine; it comes in bursts.
    Firewall: it saw both ways, so its entry is SYN_RECV or ESTABLISHED, and none of its counters of drops rises.
    Paths: every router passes on the ACK and the data.

What would refute it
    ACKs or data that do not reach the server's host. Any data acknowledged in the failing connection. Counters of
    overflows that stand still while connections fail.

What tells it from its neighbours
    Everything that drops the ACK on the path: a capture at the server shows it arrive. A host firewall or bad
    checksums at the server ignore it too, and spare no connection of the same moment. The host's full table of
    connections, or a rule that bounds their number, spares some as well: captures tell it from a full queue only where
    the SYN+ACK is never repeated (SYN cookies), else counters do. One repeated SYN+ACK proves nothing: a server that
    defers accepting (TCP_DEFER_ACCEPT) repeats it once to a client that sends nothing.

What to ask next
    A capture at the server; `nstat -az TcpExtListenOverflows TcpExtListenDrops` twice, before and after an attempt;
    `ss -ltn` while connections fail.

What to change
    Make the program accept faster, raise its backlog and net.core.somaxconn (the smaller of the two holds). Verify:
    `TcpExtListenOverflows` stands still under load, and Recv-Q of the listening socket stays below its Send-Q.

A safe workaround
    A larger backlog (listen(2) and net.core.somaxconn) and more workers until the program is mended. Risk: connections
    wait longer in the queue instead of failing, and the program gets no faster by it.

References:
    listen(2); tcp(7); ss(8) (Recv-Q and Send-Q of a listening socket); nstat(8); Linux net/ipv4/tcp_ipv4.c,
    tcp_v4_syn_recv_sock, and net/ipv4/tcp_minisocks.c, tcp_check_req.
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.checksums import CHECKSUM_AT_SERVER, Sums
from bothways.facts.client_presence import CLIENT_PRESENCE, Presence
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SIBLINGS, Fares, Siblings
from bothways.facts.fate_by_family import FATE_BY_FAMILY, Families
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="accept-queue-overflow",
    title="the server's accept queue overflows",
    claim="the client's packets reach the server, whose full accept queue makes its kernel ignore them",
    mend="let the server's program accept faster, or raise its listen backlog and net.core.somaxconn",
    expects=(
        # A queue that is full for a moment only delays: the ACK of a later repeat is taken.
        expect(HEALTH, {Health.FAILED: A, Health.DEGRADED: R}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        # The first one may have been lost on its way.
        expect(SYN_REPEATS, {SynAgain.NO: A, SynAgain.YES: R}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        expect(SYN_ACK_REPEATS, {Repeats.SEVERAL: E, Repeats.ONE: E, Repeats.NONE: E}),
        expect(CLIENT_DATA_ACKED, {Acked.NO: A}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: U, Left.NOTHING: E}),
        expect(SEEN_AT_SERVER, {Reached.DATA: U, Reached.ACK_ONLY: E, Reached.SOME_DATA: R}),
        expect(ACK_FATE, {AckFate.ARRIVES: A}),
        # Its ACK comes as far as the server: whoever sees the connection sees it.
        expect(CLIENT_PRESENCE, {Presence.GOES_ON: A}, rest=R),
        # What dies on the way is not the server's to refuse; of larger packets another fault may take some.
        expect(PROBES_INSIDE, {Inside.ALL_PASS: A, Inside.ACK_STOPS: N, Inside.SEGMENTS_STOP: N}, rest=R),
        expect(PLACE_OF_LOSS, {Lost.AT_SERVER: A}),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.AFTER_ACK: E, Moment.AFTER_DATA: E, Moment.LATER: R}),
        expect(RESET_SENDER, {Sender.SERVER: A}),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U, Remembered.UNREPLIED: R, Remembered.BYPASSED: R}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: E, Fares.WORKS: E}),
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: E}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        # What arrives broken is dropped before any queue is asked.
        expect(CHECKSUM_AT_SERVER, {Sums.GOOD: A}, rest=R),
        # It is full for moments; the list of sockets shows one.
        expect(ACCEPT_QUEUE, {Queue.FULL: A, Queue.HAS_DROPPED: U, Queue.ROOM: E}),
        expect(LISTEN_OVERFLOWS, {Counted.RISEN: A, Counted.COUNTED: A}),
        expect(REPEATS_AT_CLIENT, {Counted.COUNTED: U, Counted.RISEN: U, Counted.NONE: E}),
        # One program mostly serves both.
        expect(FATE_BY_FAMILY, {Families.BOTH: U, Families.ONLY_THIS: E}),
    ),
    # Who found the last places in the queue was accepted by the kernel, and waits for a program that does not come.
    also_leaves=("application-silent",),
    # A host whose own table is full ignores some and takes others as well: the queue itself must tell, or the cookies
    # that a kernel answers with once it is under pressure, and never repeats.
    proofs=(
        proof((PLACE_OF_LOSS, Lost.AT_SERVER), (ACCEPT_QUEUE, Queue.FULL)),
        *(
            proof((PLACE_OF_LOSS, Lost.AT_SERVER), (SIBLINGS, Siblings.TAKEN_BESIDE), told)
            for told in (
                (ACCEPT_QUEUE, Queue.HAS_DROPPED),
                (LISTEN_OVERFLOWS, Counted.RISEN),
                (LISTEN_OVERFLOWS, Counted.COUNTED),
                (SYN_ACK_REPEATS, Repeats.NONE),
            )
        ),
    ),
    ladder=Ladder(
        middle="network",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK", dropped=Upright.SERVER, note="arrives; the accept queue is full"),
            there("data", dropped=Upright.SERVER, note="arrives, and is ignored as well"),
            back("SYN+ACK", note="again after 1, 3, 7 s; never with SYN cookies"),
            there("ACK", dropped=Upright.SERVER),
        ),
    ),
)
