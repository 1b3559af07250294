"""receive-window-closed: one end's program does not read, so that its receive window closes and the other end waits.

What happens
    An end takes data until its receive buffer is full, because its program reads no more: it hangs, waits for a disk
    or a backend, or the user paused it. Its TCP then announces a window of 0. The other end may not send; it probes
    the window, ever more slowly, and each probe is answered: still 0. The transfer stalls although both ways work.

What it leaves behind
    Client: an upload that is acknowledged to its last byte, then segments of the server with window 0, probes (no
    payload or one byte, one sequence number before the next) and their answers, again with window 0, in growing
    intervals; in a download the other way round. Server: the same. `ss -tnm` at the end that does not read shows
    a full Recv-Q. Firewall: a connection with replies. Paths: complete both ways.

What would refute it
    Probes that nobody answers. Data that is sent again and again, though there is room for it.

What tells it from its neighbours
    A silent application acknowledges with an open window. A black hole leaves data unacknowledged. A device that
    spoils the window or its scale leaves it small and rarely 0 on both sides of itself: compare two captures.

What to ask next
    `ss -tnmp` at the end whose window is closed; what its program waits for.

What to change
    The program that does not read. Verify: a segment with a larger window follows (window update), and data flows.

A safe workaround
    Restart that program, or send less at once. Risk: what it had received and not worked off is lost; larger buffers
    only put the stall off.

References:
    RFC 9293 section 3.8.6.1 (zero-window probing); RFC 7323 section 2.3 (scaled windows); Linux
    net/ipv4/tcp_output.c (tcp_write_wakeup).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.fate_by_family import FATE_BY_FAMILY, Families
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, SEEN_AT_SERVER, AckFate, Reached
from bothways.facts.receive_window import RECEIVE_WINDOW, Room
from bothways.facts.replies import SERVER_BYTES_MISSING, Missing
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="receive-window-closed",
    title="one end's program does not read",
    claim="the program at one end does not read: its receive window is closed, and the other end waits to send",
    mend="look at the program that does not read (the end with the full Recv-Q): the network is not at fault",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: E, Repeats.SEVERAL: R}),
        expect(CLIENT_DATA_ACKED, {Acked.YES: A, Acked.NO: R}),
        expect(SERVER_BYTES_MISSING, {Missing.NO: U, Missing.YES: R}),
        # A probe may carry a byte, which is acknowledged only when there is room.
        expect(OUTSTANDING, {Left.NOTHING: A, Left.CLIENT_DATA: R, Left.SERVER_DATA: R}),
        expect(RECEIVE_WINDOW, {Room.SERVER_CLOSED: A, Room.CLIENT_CLOSED: A}, rest=R),
        expect(SEEN_AT_SERVER, {Reached.DATA: A, Reached.SOME_DATA: E}),
        expect(ACK_FATE, {AckFate.ARRIVES: A}),
        expect(RESET_MOMENT, {Moment.NONE: A, Moment.LATER: E, Moment.AFTER_DATA: E}, rest=R),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SERVER_SOCKET, {Held.UNREAD: U, Held.TAKEN: E, Held.HALF_OPEN: R}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.FULL: E, Queue.HAS_DROPPED: E, Queue.NOBODY: R}),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        # One program mostly serves both.
        expect(FATE_BY_FAMILY, {Families.BOTH: U, Families.ONLY_THIS: E}),
    ),
    proofs=(
        # Who never took a byte may be a proxy that holds the client off.
        proof((RECEIVE_WINDOW, Room.SERVER_CLOSED), (CLIENT_DATA_ACKED, Acked.YES)),
        proof((RECEIVE_WINDOW, Room.CLIENT_CLOSED)),
    ),
    ladder=Ladder(
        middle="network",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK"),
            there("data", note="until the buffer is full"),
            back("ACK (window 0)"),
            there("window probe"),
            back("ACK (window 0)", note="again and again, ever more slowly"),
        ),
    ),
)
