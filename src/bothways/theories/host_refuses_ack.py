"""host-refuses-ack: the client's ACK reaches the server's card, and the server's own host drops it before TCP sees it.

What happens
    The handshake's first two packets pass. The client's ACK and its data come in at the server's network card, and the
    host drops them below TCP: a filter of the host (a rule against what is no SYN, or one that calls the ACK invalid
    because connection tracking was kept from the SYN+ACK), a wrong TCP checksum made on the way or by the card, or the
    host's own full table of connections. The server repeats its SYN+ACK, the client its data.

What it leaves behind
    Client: the same as asymmetric-bypass: SYN, SYN+ACK, ACK, data resent, the SYN+ACK repeated and answered. Server:
    ACK and data on the card, the SYN+ACK repeated all the same; sockets in SYN-RECV; a counter that rises: of the
    host's own rules, `InCsumErrors`, or `nf_conntrack: table full` in its log. Where a rule bounds the number of
    connections (`ct count over`), its counter has risen by what was refused. `ListenOverflows` stands still.
    Firewall: it saw replies. Paths: reports reach the server.

What would refute it
    ACKs or data that do not reach the server's card. Any data acknowledged in the failing connection.

What tells it from its neighbours
    An overflowing accept queue ignores the same packets on the same card: there `ListenOverflows` rises, and the queue
    is full in `ss -ltn`. It takes other connections of the same moment, and so does a host whose table has room for
    some; a filter and wrong checksums spare none. Everything that drops the ACK on the path: a
    capture at the server shows it arrive.

What to ask next
    The server's own rules with counters; `nstat -az` before and after an attempt; a capture there of whole packets
    (`-s 0`), which shows whether their checksums are right.

What to change
    Whatever counts: narrow or remove the host's rule, track both ways of a connection or neither; find the device or
    card that breaks checksums (`ethtool -K INTERFACE rx off` tells a card from a path). Verify: the connection becomes
    ESTABLISHED on the server, and the counter stands still.

A safe workaround
    For a filter, an exception for the one port before the rule. Risk: that port is open to whatever the rule was to
    keep out. Against wrong checksums there is none but another path or card.

References:
    RFC 9293 section 3.1 (checksum), 3.10.7.4 (SYN-RECEIVED); nft(8); Linux net/ipv4/tcp_ipv4.c (tcp_v4_rcv),
    Documentation/networking/snmp_counter.rst, Documentation/networking/checksum-offloads.rst.
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.checksums import CHECKSUM_AT_SERVER, Sums
from bothways.facts.client_presence import CLIENT_PRESENCE, Presence
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, SERVER_DISCARDS, Counted, Discarded
from bothways.facts.host_rules import SERVER_RULE, HostDrops
from bothways.facts.host_table import SERVER_TABLE
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.state_counters import Room
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="host-refuses-ack",
    title="the server's own host drops the client's ACK",
    claim="the client's ACK and data reach the server's network card, and the server's own host drops them",
    mend="change what counts them on the server: the host's own rule, or what breaks their checksums",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}),
        # The first one may have been lost on its way.
        expect(SYN_REPEATS, {SynAgain.NO: A, SynAgain.YES: R}),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        # A server in SYN-cookie mode keeps no state and repeats nothing.
        expect(SYN_ACK_REPEATS, {Repeats.SEVERAL: U, Repeats.ONE: E, Repeats.NONE: R}),
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
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: R}),
        # Rules and broken devices do not let the one in and keep the other out; a table that is full at times is rare.
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.COUNTED: U, Counted.RISEN: U, Counted.NONE: E}),
        expect(SERVER_RULE, {HostDrops.LATER: U, HostDrops.NONE: E}, rest=R),
        expect(SERVER_TABLE, {Room.FREE: U, Room.FULL: U}),
        expect(SERVER_DISCARDS, {Discarded.CHECKSUM: U, Discarded.NOTHING: E}, rest=R),
        expect(CHECKSUM_AT_SERVER, {Sums.BAD: U, Sums.GOOD: E}),
    ),
    proofs=(
        proof((PLACE_OF_LOSS, Lost.AT_SERVER), (SERVER_RULE, HostDrops.LATER)),
        proof((PLACE_OF_LOSS, Lost.AT_SERVER), (CHECKSUM_AT_SERVER, Sums.BAD)),
        proof((PLACE_OF_LOSS, Lost.AT_SERVER), (SERVER_DISCARDS, Discarded.CHECKSUM)),
        proof((PLACE_OF_LOSS, Lost.AT_SERVER), (SERVER_TABLE, Room.FULL)),
    ),
    ladder=Ladder(
        middle="the network",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK", dropped=Upright.SERVER, note="on the card, dropped by the host"),
            there("data", dropped=Upright.SERVER),
            back("SYN+ACK", note="again after 1, 3, 7 s"),
            there("ACK", dropped=Upright.SERVER),
            there("data", dropped=Upright.SERVER, note="again and again, ever more slowly"),
        ),
    ),
)
