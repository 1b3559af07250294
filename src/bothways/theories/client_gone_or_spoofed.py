"""client-gone-or-spoofed: nobody is there to answer the server's SYN+ACK.

What happens
    A SYN reaches the server and nobody stands behind it: its source address was forged (a flood), its sender is a
    scanner whose host lets no reset out, or the client gave up or lost its network before the SYN+ACK came. The server
    repeats its SYN+ACK until it gives up. Nothing on the path is broken.

What it leaves behind
    Client: where the address is forged, its own capture shows no such SYN; a scanner's shows one SYN, SYN+ACKs, and no
    reaction. Server: one SYN, repeated SYN+ACKs, nothing else of the client; sockets in SYN-RECV; in a flood many of
    them, and SYN cookies. Perhaps an ICMP host-unreachable from the client's own network about the SYN+ACK. Firewall:
    half-open entries. Paths: nothing unusual.

What would refute it
    An ACK or data of the client in this connection, seen anywhere. A client that repeats its SYN.

What tells it from its neighbours
    At the server alone, nothing: asymmetric routing, a rule against established packets and a lost reply leave the
    same packets. The client's own capture decides, or the last router before it.

What to ask next
    A capture at the client, or the word of whoever owns its address: did it send this SYN, and does it live?

What to change
    Nothing on the path. Against floods SYN cookies and a larger backlog (net.ipv4.tcp_syncookies,
    tcp_max_syn_backlog), and filters against forged sources where they enter (RFC 2827). Verify: wanted clients
    connect while the half-open entries remain few.

A safe workaround
    Fewer repeats of the SYN+ACK (net.ipv4.tcp_synack_retries) free half-open entries sooner. Risk: clients on lossy
    paths connect less surely.

References:
    RFC 4987 (SYN flooding); RFC 2827 (ingress filtering); RFC 9293 section 3.10.7.1 (a host resets what it did not
    ask for); Linux Documentation/networking/ip-sysctl.rst.
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.client_presence import CLIENT_PRESENCE, Presence
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, SERVER_DISCARDS, Counted, Discarded
from bothways.facts.icmp_errors import ICMP_BACK, Said
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.reply_arrival import REPLY_RETURNED, Returned
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="client-gone-or-spoofed",
    title="nobody is there to answer the SYN+ACK",
    claim="nobody answers the server's SYN+ACK: the SYN's source is forged, a scanner that stays silent, or gone",
    mend="nothing on the path is broken; against floods use SYN cookies, and filter forged sources where they enter",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        # Who repeats its SYN is there; scanners do it once.
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A, Answer.NOTHING: R, Answer.IGNORED: R}),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        # A server in SYN-cookie mode keeps no state and repeats nothing.
        expect(SYN_ACK_REPEATS, {Repeats.SEVERAL: U, Repeats.ONE: E, Repeats.NONE: E}),
        expect(CLIENT_DATA_ACKED, {Acked.NO: A}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {Left.NOTHING: E, Left.CLIENT_DATA: N}, rest=R),
        expect(SEEN_AT_SERVER, {Reached.SYN: A}),
        expect(ACK_FATE, {}),
        # The client's own path may lose what nobody would have taken.
        expect(PLACE_OF_LOSS, {Lost.ON_WAY_BACK: E, Lost.ON_PATH: R, Lost.AT_DEVICE: R}),
        expect(CLIENT_PRESENCE, {Presence.ALIVE: E, Presence.GOES_ON: N}, rest=U),
        expect(SYN_REPEATS, {SynAgain.NO: U, SynAgain.YES: R}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # The last router finds nobody.
        expect(REPLY_RETURNED, {Returned.UNREACHABLE: U, Returned.NO: U}),
        expect(ICMP_BACK, {Said.NONE: U, Said.NO_HOST: U}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: A}, rest=R),
        expect(FIREWALL_STATE, {Remembered.REPLIED: E, Remembered.UNREPLIED: E}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        # A flood fills the queue of half-open connections.
        expect(SERVER_DISCARDS, {Discarded.NOTHING: U, Discarded.SYN_QUEUE: E}, rest=R),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((CLIENT_PRESENCE, Presence.NEVER_SENT), (SERVER_TOOK_ACK, Took.NOT_TAKEN)),
        proof((CLIENT_PRESENCE, Presence.UNREACHABLE), (SERVER_TOOK_ACK, Took.NOT_TAKEN)),
        proof((CLIENT_PRESENCE, Presence.IGNORES), (SERVER_TOOK_ACK, Took.NOT_TAKEN)),
    ),
    ladder=Ladder(
        middle="network",
        rungs=(
            there("SYN", start=Upright.MIDDLE, note="from whoever says to be this client"),
            back("SYN+ACK", dropped=Upright.CLIENT, note="nobody is there"),
            back("SYN+ACK", dropped=Upright.CLIENT, note="again after 1, 3, 7 s"),
        ),
    ),
)
