"""application-refused: TCP and the network work, and a program refuses the service.

What happens
    Handshake, request and answer pass both ways. What comes back is a refusal: a fatal alert of TLS, an HTTP error, a
    greeting that turns the client away, or an end of the connection instead of an answer. Or the client refuses: it
    does not accept the server's certificate. The program may stand at the server, or in front of it in a load balancer
    or proxy; a filter on the path that answers in the server's place with a page or an alert of its own counts too,
    and the server's own capture tells it apart.

What it leaves behind
    Client: SYN, SYN+ACK, ACK, a request that is acknowledged, and within a round trip or two the refusal: an alert
    record of level 2 (fatal), `HTTP/1.1 503`, `554 ...`, or a FIN or RST without a byte. An alert that TLS 1.3
    encrypts cannot be read; that the client breaks off shows by its first sealed record, which is as short as an
    alert. Server: the same packets; the refusal leaves its own interface. Firewall: an ordinary connection with
    replies. Paths: complete both ways.

What would refute it
    Data of either end that is sent again and again. A refusal that arrives at the client and never left the server.

What tells it from its neighbours
    A silent application says nothing and keeps the connection. A closed port refuses the SYN. A filter's reset comes
    although the server sent none; a program's reset leaves the server and acknowledges the request.

What to ask next
    A capture at the server, which shows whether the refusal leaves it: anybody on the path can say it in its name; the
    log of the server's program at that moment.

What to change
    The service: its certificate, names, TLS versions and ciphers, its backend (502, 503, 504), its access rules (403,
    421, 451), its limits (429, a greeting of refusal); or the client's trust. Verify: the same request is served.

A safe workaround
    Another instance or address of the service; for one client that distrusts a certificate, trusting the right
    authority. Risk: switching certificate checks off (`curl -k`) hands everything to whoever answers.

References:
    RFC 8446 section 6 (alerts); RFC 9110 section 15 (statuses); RFC 5321 section 3.1 (554 as a greeting); RFC 9112
    section 9.6 (closing, and the reset that may come of it).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.answers import APPLICATION_ANSWER, REFUSALS, Spoken
from bothways.facts.closing import WHO_CLOSED, Closed
from bothways.facts.fate_by_family import FATE_BY_FAMILY, Families
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.receive_window import RECEIVE_WINDOW, Room
from bothways.facts.replies import (
    SERVER_BYTES_MISSING,
    SERVER_SENT_PAYLOAD,
    SERVER_WINDOW,
    Missing,
    Payload,
    Window,
)
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="application-refused",
    title="a program refuses the service",
    claim=(
        "the program that answers there, or the client's own, refuses: TCP and the network are healthy and carry "
        "everything both ways"
    ),
    mend="look at the service, not at the network: its certificate, its backend, its access rules, its limits",
    expects=(
        # In words, or by closing without any.
        expect(HEALTH, {Health.REFUSED: A, Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A, Took.NOT_TAKEN: R}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: E, Repeats.SEVERAL: R}),
        # A reset may acknowledge the request in passing, and no other packet does.
        expect(CLIENT_DATA_ACKED, {Acked.YES: U, Acked.NO: E}),
        expect(SERVER_SENT_PAYLOAD, {Payload.YES: E, Payload.NO: E}),
        expect(SERVER_BYTES_MISSING, {Missing.NO: U, Missing.YES: R}),
        expect(OUTSTANDING, {Left.NOTHING: A, Left.CLIENT_DATA: E, Left.SERVER_DATA: R}),
        expect(SERVER_WINDOW, {Window.OPEN: U, Window.CLOSED: R}),
        expect(RECEIVE_WINDOW, {Room.OPEN: A}, rest=R),
        expect(SEEN_AT_SERVER, {Reached.DATA: A, Reached.SOME_DATA: R, Reached.ACK_ONLY: R}),
        expect(ACK_FATE, {AckFate.ARRIVES: A, AckFate.LOST: R}),
        # A program that refuses has a host that answers: at least its reset or the end of the connection leaves it.
        expect(PLACE_OF_LOSS, {Lost.AT_SERVER: N}, rest=E),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.AFTER_DATA: E, Moment.LATER: E, Moment.AFTER_ACK: E}, rest=R),
        expect(RESET_SENDER, {Sender.SERVER: U, Sender.NOT_SERVER: R}),
        expect(APPLICATION_ANSWER, {**dict.fromkeys(REFUSALS, U), Spoken.NOTHING: U}, rest=R),
        # Of connections in which the server never spoke: a client that closes first may have said all that it had to.
        expect(WHO_CLOSED, {Closed.SERVER_PROGRAM: A}, rest=R),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SERVER_SOCKET, {Held.TAKEN: U, Held.UNREAD: E, Held.HALF_OPEN: R}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        # One program mostly serves both.
        expect(FATE_BY_FAMILY, {Families.BOTH: U, Families.ONLY_THIS: E}),
    ),
    proofs=(
        *(proof((APPLICATION_ANSWER, said)) for said in REFUSALS),
        proof((WHO_CLOSED, Closed.SERVER_PROGRAM), (APPLICATION_ANSWER, Spoken.NOTHING)),
    ),
    ladder=Ladder(
        middle="network",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK"),
            there("ClientHello"),
            back("fatal alert (unrecognized_name)", note="or HTTP 503, 554, FIN or RST"),
            back("FIN"),
            there("FIN"),
        ),
    ),
)
