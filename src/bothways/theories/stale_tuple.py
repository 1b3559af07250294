"""stale-tuple: the client uses ports again whose old connection somebody still holds.

What happens
    A client ends without a word that everybody hears (a crash, a reset that is filtered, an address that moved), and
    opens a new connection from the same port to the same server port. To the server, or to a firewall between, the old
    connection is still open. The server answers the SYN with a challenge ACK, to which the client replies with a reset
    that would clear the old connection, if it arrived; a firewall drops a SYN that does not fit what it holds.
    An old connection that both ends closed is still held by the one who closed first: the server in TIME-WAIT takes the
    SYN for a new one only where its number or its timestamp lies above the old one's. Else it sends such an ACK, and
    where it protects itself from resets (RFC 1337) it does so until its minute is over. Clients that choose low
    numbers, and several clients behind one translator that uses a port again too soon, meet this.

What it leaves behind
    Client: an earlier connection of the same ports, not closed by both ends; then SYNs, again and again, and either
    bare ACKs of the old connection's numbers, each answered with a reset, or nothing. Other ports work.
    Server: the SYNs, each answered with a bare ACK, and no reset of the client; or nothing since the old connection.
    `ss` still shows that one as ESTABLISHED, or, with `-a`, as TIME-WAIT.
    Firewall: an entry of the old connection, `ESTABLISHED`, and no new one; the SYNs or the client's resets enter and
    do not leave.
    Paths: nothing to see; path tools use ports of their own.

What would refute it
    A SYN+ACK. Ports that nobody used for longer than every timer of the path runs.

What tells it from its neighbours
    A rule that blocks the destination blocks it from every port; here another source port works at once. A server that
    ignores the SYN sends no ACK either, and holds no connection of these ports.

What to ask next
    A capture at the client that begins before the old connection ended; the same attempt from another source port; the
    firewall's entry and the server's socket for exactly these ports.

What to change
    Let the client pick its ports afresh, or end its connections in order. Let resets pass the firewall. Verify: the
    same port, used twice in a row, gets a SYN+ACK both times.

A safe workaround
    Clear the remnant: `conntrack -D` with both addresses and ports on the firewall, `ss -K` on the server. Risk: the
    wrong ports end somebody's living connection.

References:
    RFC 5961 section 4 (challenge ACK to a SYN); RFC 9293 section 3.5.1 (half-open connections), 3.6.1
    (TIME-WAIT); RFC 6191 (timestamps, and SYNs in TIME-WAIT); RFC 1337 (resets in TIME-WAIT); Linux
    net/ipv4/tcp_input.c, tcp_send_challenge_ack; Fortinet, "FortiGate no session matched with rapid TCP".
"""

from bothways.facts.age_at_death import AGE_AT_DEATH
from bothways.facts.challenge_ack import CHALLENGE_ACK, Challenge
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.fate_by_port import FATE_BY_PORT, ByPort
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.reach import PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.tuple_reuse import TUPLE_REUSE, Reuse
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.facts.worked_before import WORKED_BEFORE, Worked
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="stale-tuple",
    title="an old connection of the same ports is still held",
    claim=(
        "the client opens a connection from ports whose old connection the server or a firewall still holds, "
        "so that its SYN gets no SYN+ACK"
    ),
    mend="let the client pick its ports afresh or end its connections in order, and let its resets pass",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.NOTHING: A, Answer.SYN_ACK: N, Answer.IGNORED: N}, rest=R),
        expect(SYN_REPEATS, {SynAgain.YES: A, SynAgain.NO: R}),
        # The old connection may have ended before any capture began.
        expect(TUPLE_REUSE, {Reuse.LEFT_OPEN: A, Reuse.CLOSED: U, Reuse.FRESH: E}),
        # Whether the server holds it, or a firewall.
        expect(CHALLENGE_ACK, {Challenge.CHALLENGED: A, Challenge.NONE: U}),
        expect(SERVER_ANSWER, {Sent.OTHER: A, Sent.NOTHING: E}, rest=R),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}, rest=R),
        expect(WORKED_BEFORE, {Worked.NOT_YET: A}, rest=R),
        expect(AGE_AT_DEATH, {}),
        expect(SEEN_AT_SERVER, {Reached.SYN: U, Reached.NOTHING: U}, rest=R),
        # It is the SYN that is lost, or the client's reset.
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U}, rest=E),
        expect(FIREWALL_STATE, {Remembered.OLDER: A, Remembered.REPLIED: A, Remembered.UNREPLIED: E}, rest=R),
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: A}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E, Dropped.ESTABLISHED: E}, rest=R),
        expect(LOGGED_DROPS, {Logged.OPENING: U, Logged.LATER: E, Logged.LATER_AS_INVALID: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: R}),
        # The port worked before, fails for as long as the old connection is remembered, and others work beside it.
        expect(FATE_BY_PORT, {ByPort.MIXED: U, ByPort.SAME_PORTS: E, ByPort.ALL_FAIL: E, ByPort.SOME_FAIL: E}),
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.WORKS: U, Fares.FAILS_ALIKE: R}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: R}),
        # Its socket of the old connection has the same ports.
        expect(SERVER_SOCKET, {Held.TAKEN: A, Held.UNREAD: E}, rest=R),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((TUPLE_REUSE, Reuse.LEFT_OPEN), (CHALLENGE_ACK, Challenge.CHALLENGED)),
        # Closed by both, and still held by the one who closed first.
        proof((TUPLE_REUSE, Reuse.CLOSED), (CHALLENGE_ACK, Challenge.CHALLENGED)),
        proof(
            (TUPLE_REUSE, Reuse.LEFT_OPEN),
            (FIREWALL_STATE, Remembered.OLDER),
            (ANSWER_TO_SYN, Answer.NOTHING),
        ),
    ),
    ladder=Ladder(
        middle="firewall",
        rungs=(
            there("SYN", note="from the port of an old connection"),
            back("ACK", note="a challenge: the numbers of the old connection"),
            there("RST", dropped=Upright.MIDDLE, note="it would clear the old connection"),
            there("SYN", note="again, each second"),
            back("ACK"),
        ),
    ),
)
