"""sni-filtered: a filter reads the server's name in the TLS ClientHello and stops the connection.

What happens
    The handshake of TCP completes. The first data packet carries the ClientHello with the server's name in clear; a
    filter on the path matches the name and drops the packet (and its repeats), or resets the connection.

What it leaves behind
    Client: data resent and never acknowledged, the SYN+ACK not repeated (once at most, by a server that defers
    accepting); or a reset right after the ClientHello.
    Server: SYN and the bare ACK, then silence: the ClientHello never arrives. It sends no reset of its own; a filter
    that resets may reset the server as well.
    Firewall: an ESTABLISHED entry. Where it is the filter, the ClientHello on the inside only, and a rule, a log or a
    list that names the server.
    Paths: traces without the name reach the server, those of SYNs and bare ACKs too.
    Controls: the same name at another address fails alike; another name or plain HTTP at the same address works.

What would refute it
    A bare ACK that does not arrive. Stuck data that is no ClientHello. Data of the server.

What tells it from its neighbours
    An MTU black hole spares small ClientHellos. A rule against established packets and asymmetric routing stop the
    bare ACK too. An overflowing accept queue ignores a ClientHello that arrives.

What to ask next
    `curl --resolve` with the same name at another address and with another name at this address; a capture at the
    server.

What to change
    Remove the name from the filter's list. Verify: the same ClientHello reaches the server's interface.

A safe workaround
    Reach the service under a name that the filter does not match, agreed with who runs both. Risk: the filter may be
    there on purpose; going around it without leave may break a rule of the network.

References:
    RFC 8446 section 4.1.2 (ClientHello); RFC 6066 section 3 (server_name); curl(1), "--resolve".
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.contrast import SIZE_CONTRAST, Contrast
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
from bothways.facts.stuck import STUCK_CONTENT, STUCK_SIZE, Holds, Size
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="sni-filtered",
    title="a filter reads the server name in the ClientHello",
    claim="the TCP handshake completes, and a filter stops the TLS ClientHello that names the server",
    mend="remove the name from the filter's list",
    expects=(
        # A filter may answer in the server's name, with an alert or a page.
        expect(HEALTH, {Health.FAILED: A, Health.REFUSED: R}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # The first one may have been lost on its way.
        expect(SYN_REPEATS, {SynAgain.NO: A, SynAgain.YES: R}),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: E}),
        # Some filters let the ClientHello pass and only then reset both ends.
        expect(CLIENT_DATA_ACKED, {Acked.NO: A, Acked.YES: R}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A, Payload.YES: R}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: A, Left.NOTHING: R}),
        expect(SEEN_AT_SERVER, {Reached.BARE_ACK: U, Reached.ACK_ONLY: U, Reached.SOME_DATA: R, Reached.DATA: R}),
        expect(ACK_FATE, {AckFate.ARRIVES: A}),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U, Lost.ON_WAY_BACK: R}),
        expect(STUCK_CONTENT, {Holds.CLIENT_HELLO: A}),
        expect(STUCK_SIZE, dict.fromkeys((Size.SMALL, Size.NO_LARGER), U), rest=E),
        expect(SIZE_CONTRAST, {Contrast.SMALL_LOST_TOO: E, Contrast.LARGE_LOST_SMALL_PASS: E}),
        expect(RESET_MOMENT, {Moment.NONE: E, Moment.AFTER_DATA: U, Moment.LATER: R}),
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: R}),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U, Remembered.UNREPLIED: R, Remembered.BYPASSED: R}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        # Some filters stop all of a connection once they read the name; others reset it and let everything pass.
        expect(
            PROBES_INSIDE,
            {Inside.NAME_STOPS: A, Inside.ALL_PASS: E, Inside.ACK_STOPS: E, Inside.SEGMENTS_STOP: E},
            rest=R,
        ),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.WORKS: U, Fares.FAILS_ALIKE: R}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(SERVER_SOCKET, {Held.TAKEN: A, Held.UNREAD: R}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        # It goes by the name; not every filter reads IPv6.
        expect(FATE_BY_FAMILY, {Families.BOTH: U, Families.ONLY_THIS: E}),
    ),
    proofs=(
        proof(
            (SEEN_AT_SERVER, Reached.BARE_ACK),
            (STUCK_CONTENT, Holds.CLIENT_HELLO),
            (SAME_NAME_ELSEWHERE, Fares.FAILS_ALIKE),
        ),
        proof(
            (RESET_SENDER, Sender.NOT_SERVER),
            (STUCK_CONTENT, Holds.CLIENT_HELLO),
            (SAME_NAME_ELSEWHERE, Fares.FAILS_ALIKE),
        ),
        # Of two ClientHellos of one size and at one distance, the one with this name stops: nothing else that is known
        # to stop packets reads the name.
        proof((PROBES_INSIDE, Inside.NAME_STOPS), (STUCK_CONTENT, Holds.CLIENT_HELLO)),
        proof((PROBES_INSIDE, Inside.NAME_STOPS), (RESET_MOMENT, Moment.AFTER_DATA)),
    ),
    ladder=Ladder(
        middle="filter",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK"),
            there("ClientHello", dropped=Upright.MIDDLE, note="it names a server that is on the list"),
            back("RST", start=Upright.MIDDLE, note="from some filters; others stay silent"),
            there("ClientHello", dropped=Upright.MIDDLE, note="resent, where no reset came"),
        ),
    ),
)
