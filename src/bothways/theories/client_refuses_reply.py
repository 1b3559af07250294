"""client-refuses-reply: the SYN+ACK reaches the client's card, and the client's own host drops it.

What happens
    The server answers, and the SYN+ACK comes in at the client's host, which drops it before TCP sees it: it came by
    another interface than the one the host would use to reach the server (reverse path filter, on a host with two
    connections or a VPN), a filter of the host forbids it, or its checksum is wrong. The client repeats its SYN as if
    nothing had come.

What it leaves behind
    Client: a SYN+ACK on the card, and the SYN again after it; never an ACK. `IPReversePathFilter` or `InCsumErrors`
    rises, or a counter of the host's own rules. Server: the SYN again and again, each answered, nothing else. Firewall:
    both SYN and SYN+ACK pass, or on two ways only one of them. Paths: reports reach the server.

What would refute it
    An ACK of the client. A capture on all of the client's interfaces without a SYN+ACK.

What tells it from its neighbours
    A reply that is lost never reaches the client's card; from the server's capture alone the two look the same. A reply
    whose numbers a device rewrote is answered with a reset, not with silence.

What to ask next
    A capture on all interfaces of the client; `nstat -az TcpExtIPReversePathFilter TcpInCsumErrors` and the host's own
    rules with their counters, before and after an attempt; `ip route get SERVER`.

What to change
    Send and receive by the same interface (routes, or rules by source address), or loosen the check
    (net.ipv4.conf.*.rp_filter = 2); narrow the host's rule; replace what breaks checksums. Verify: the client
    acknowledges the SYN+ACK, and the counter stands still.

A safe workaround
    net.ipv4.conf.INTERFACE.rp_filter = 2 (loose) on the interface by which replies come. Risk: the host then takes
    packets with forged sources that it could have told by their interface.

References:
    RFC 3704 section 2.2 and 2.4 (strict and loose reverse path); Linux Documentation/networking/ip-sysctl.rst
    (rp_filter), net/ipv4/fib_frontend.c; RFC 9293 section 3.1 (checksum), 3.10.7.3 (SYN-SENT).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, Took
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import CLIENT_DISCARDS, LISTEN_OVERFLOWS, SERVER_DISCARDS, Counted, Discarded
from bothways.facts.host_rules import CLIENT_RULE, SERVER_RULE, HostDrops
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.reply_arrival import REPLY_AT_CLIENT, Arrived
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="client-refuses-reply",
    title="the client's own host drops the reply",
    claim="the server's SYN+ACK reaches the client's network card, and the client's own host drops it",
    mend="let the client's host take replies: same interface both ways, a looser reverse path filter, a narrower rule",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        # Observers beyond the client only see that it repeats its SYN.
        expect(ANSWER_TO_SYN, {Answer.IGNORED: U, Answer.NOTHING: U, Answer.SYN_ACK: N, Answer.RESET: N}, rest=R),
        # It may come in by a card that was not captured.
        expect(SYN_REPEATS, {SynAgain.YES: A, SynAgain.NO: R}),
        expect(REPLY_AT_CLIENT, {Arrived.YES: A}, rest=R),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(CLIENT_DISCARDS, {Discarded.WRONG_INTERFACE: U, Discarded.CHECKSUM: E, Discarded.NOTHING: E}, rest=R),
        expect(CLIENT_RULE, {HostDrops.REPLY: U, HostDrops.NONE: E}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A}),
        expect(CLIENT_DATA_ACKED, {}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {}),
        expect(SEEN_AT_SERVER, {Reached.SYN: A, Reached.NOTHING: R}),
        expect(ACK_FATE, {}),
        # What is lost between two observers did not die at the client.
        expect(PLACE_OF_LOSS, {Lost.AT_SERVER: E}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: A}, rest=R),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U, Remembered.UNREPLIED: E, Remembered.NO_ENTRY: R}),
        expect(DROP_RULE, {Dropped.NONE: U}, rest=R),
        expect(LOGGED_DROPS, {Logged.BACK: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: U}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(SERVER_DISCARDS, {Discarded.NOTHING: A}, rest=R),
        expect(SERVER_RULE, {HostDrops.NONE: A}, rest=R),
    ),
    # Its own behaviour tells: the SYN+ACK came in, and TCP repeats its SYN as if it had not.
    proofs=(proof((ANSWER_TO_SYN, Answer.IGNORED), (REPLY_AT_CLIENT, Arrived.YES)),),
    ladder=Ladder(
        middle="the network",
        rungs=(
            there("SYN"),
            back("SYN+ACK", dropped=Upright.CLIENT, note="on the card, dropped by the host"),
            there("SYN", note="again after 1, 3, 7 s"),
            back("SYN+ACK", dropped=Upright.CLIENT, note="for each of them"),
        ),
    ),
)
