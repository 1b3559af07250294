"""application-silent: TCP works both ways; the program behind it does not answer.

What happens
    The server's kernel completes the handshake and acknowledges the request. The program never reads it, or never
    answers: it hangs, waits for a backend, or its worker pool is exhausted.

What it leaves behind
    Client: data acknowledged, then silence; the server's later packets continue without a gap in its sequence numbers.
    `ss -ti` shows nothing `unacked`, and no retransmissions.
    Server: the same packets. `ss` shows bytes in Recv-Q of the accepted connection, or, where the program does not even
    accept, connections in Recv-Q of the listening socket.
    Firewall: an ESTABLISHED entry with packets both ways, and nothing dropped.
    Paths: everything reaches the server, and small and large packets alike.

What would refute it
    Client data that is not acknowledged. Bytes of the server that were sent and never arrived.

What tells it from its neighbours
    A black hole on the way back swallows the answer: then the sequence numbers of the server's later packets jump. A
    load balancer or proxy in front that acknowledges for a dead backend is, from here, the server.

What to ask next
    The server's logs and `ss -tnp` there; a request made on the server itself.

What to change
    The program, or what it waits for. Verify: it answers a request made on the server itself, and then one of the
    client.

A safe workaround
    Restart the program, or take the server out of its load balancer. Risk: what it was doing is lost, and with it the
    evidence of why it hung: note `ss -tnp`, its stack and its open files first.

References:
    RFC 9293 section 3.8.6 (acknowledging is the kernel's, not the program's); ss(8).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.closing import WHO_CLOSED, Closed
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, Fares
from bothways.facts.contrast import SIZE_CONTRAST
from bothways.facts.fate_by_family import FATE_BY_FAMILY, Families
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Reached
from bothways.facts.receive_window import RECEIVE_WINDOW, Room
from bothways.facts.replies import SERVER_BYTES_MISSING, SERVER_SENT_PAYLOAD, SERVER_WINDOW, Missing, Payload, Window
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.stuck import STUCK_CONTENT, STUCK_SIZE
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="application-silent",
    title="the server's program does not answer",
    claim="TCP works both ways: the server acknowledges the request, and its program never answers it",
    mend="look at the server's program (its log, its workers, its backend): the network is not at fault",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # The first one may have been lost on its way.
        expect(SYN_REPEATS, {SynAgain.NO: A, SynAgain.YES: R}),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: E, Repeats.SEVERAL: R}),
        expect(CLIENT_DATA_ACKED, {Acked.YES: A}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: U, Payload.YES: E}),
        expect(SERVER_BYTES_MISSING, {Missing.NO: A}),
        expect(OUTSTANDING, {Left.NOTHING: A}),
        expect(SERVER_WINDOW, {Window.OPEN: A, Window.CLOSED: R}),
        # Who cannot send waits for room and not for an answer.
        # A program that hangs may leave a long request unread; what fills the client's window is an answer.
        expect(RECEIVE_WINDOW, {Room.OPEN: A, Room.SERVER_CLOSED: R}),
        expect(SEEN_AT_SERVER, {Reached.DATA: A}),
        expect(ACK_FATE, {AckFate.ARRIVES: A}),
        expect(PLACE_OF_LOSS, {}),
        expect(STUCK_SIZE, {}),
        expect(STUCK_CONTENT, {}),
        expect(SIZE_CONTRAST, {}),
        expect(RESET_MOMENT, {Moment.NONE: A}, rest=R),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: E, Fares.WORKS: E}),
        expect(SERVER_SOCKET, {Held.UNREAD: U, Held.TAKEN: U}),
        # A server that gives up on its program's answer may close after all, and not at once.
        expect(WHO_CLOSED, {Closed.CLIENT: A, Closed.NOBODY: A, Closed.SERVER_GAVE_UP: E, Closed.SERVER_PROGRAM: R}),
        # A program that hangs accepts nobody.
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.FULL: E, Queue.HAS_DROPPED: E, Queue.NOBODY: R}),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: E}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        # One program mostly serves both.
        expect(FATE_BY_FAMILY, {Families.BOTH: U, Families.ONLY_THIS: E}),
    ),
    proofs=(proof((CLIENT_DATA_ACKED, Acked.YES), (SERVER_BYTES_MISSING, Missing.NO), (SERVER_WINDOW, Window.OPEN)),),
    ladder=Ladder(
        middle="network",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK"),
            there("request"),
            back("ACK", note="the kernel has it; the program stays silent"),
        ),
    ),
)
