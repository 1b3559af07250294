"""sequence-rewritten: a device rewrites sequence numbers on one way and does not see, or forgets, the other.

What happens
    A firewall replaces the client's initial sequence number by one that is harder to guess, and must take the
    difference off every acknowledgement that comes back. The replies come back around it (or it forgets them): the
    client's TCP gets a SYN+ACK that acknowledges a number which it never sent, and answers with a reset. Or the device
    takes the difference off acknowledgement numbers and not off the selective ones beside them: all goes well until
    packets are lost. Then the blocks name bytes that were never sent; the client cannot use them, a firewall
    that minds them drops the whole packet as invalid, and a loss that TCP repairs elsewhere ends the transfer here.

What it leaves behind
    Client: SYN, a SYN+ACK whose acknowledgement number is not the SYN's plus one, at once a RST of that number; then
    the SYN again, and the same again. Server: SYNs with another sequence number than the client's, SYN+ACKs, resets
    that do not fit. Client and server: where only the blocks are left as they were, transfers that lose packets stall;
    data is resent ever more slowly though it arrived. Firewall: the SYN's number differs between its two sides; the
    SYN+ACK is on neither, or acknowledgements with blocks enter, count as invalid, and do not leave. Paths: traces
    are complete, the way back may miss the firewall; ICMP errors of routers beyond the device quote another number than
    the client's capture shows, those of routers before it the same.

What would refute it
    A SYN+ACK that acknowledges the client's SYN, and blocks of selective acknowledgements that fit what was sent.

What tells it from its neighbours
    Asymmetric routing around a firewall that does not rewrite lets the handshake's first two packets fit. A server
    that still holds an older connection of the same ports answers with another number too, but its own capture shows
    the client's SYN unchanged.

What to ask next
    Captures at both ends of one attempt: compare the SYN's sequence number (tcpdump -S shows it whole).

What to change
    Route both ways through the device, or switch its randomisation off for this traffic. Where it leaves
    selective acknowledgements alone, mend the device (or have it take the option out of SYNs). Verify: the SYN has the
    same number at both ends, or the SYN+ACK and all blocks fit at the client.

A safe workaround
    Switch the randomisation off for the one pair of prefixes (on a Cisco ASA `set connection random-sequence-number
    disable`). Risk: hosts with old TCP stacks lose the protection of their initial numbers there; today's choose them
    well (RFC 6528).

References:
    RFC 9293 section 3.10.7.3 (SYN-SENT: an unacceptable ACK is reset), section 3.4.1 (initial sequence numbers);
    RFC 6528; RFC 2018 section 3 (selective acknowledgements count in the same numbers).
"""

from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.answer_number import ANSWER_ACKNOWLEDGES, CLIENT_RESETS_ANSWER, Acknowledges, Resets
from bothways.facts.answerer import ANSWERED_BY, Answerer
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, Fares
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.icmp_quote import ICMP_QUOTE, Quoted
from bothways.facts.loss import LOSS_BACK, LOSS_THERE, Pattern
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.reply_arrival import REPLY_AT_CLIENT, Arrived
from bothways.facts.reply_router import REPLY_ROUTER, Router
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.rewriting import SACK_BLOCKS, SEQUENCE_REWRITTEN, Blocks, Sequence
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="sequence-rewritten",
    title="a device rewrites sequence numbers only in part",
    claim=(
        "a device rewrites the client's sequence numbers and not all that acknowledges them on the way back, so that "
        "what comes back does not fit"
    ),
    mend="route both ways through the device that rewrites, or switch its randomisation of sequence numbers off",
    expects=(
        expect(HEALTH, {Health.FAILED: A, Health.DEGRADED: R}),
        # Who does not stand beside the client sees a SYN repeated as if nothing had come.
        expect(ANSWER_TO_SYN, {Answer.IGNORED: U, Answer.NOTHING: E, Answer.SYN_ACK: E}, rest=R),
        # Where only selective acknowledgements are left as they are, the handshake is in order.
        expect(ANSWER_ACKNOWLEDGES, {Acknowledges.ANOTHER_NUMBER: A, Acknowledges.STRANGE_BLOCKS: A}, rest=R),
        # The SYN+ACK comes back, with a number that the client knows nothing of.
        expect(REPLY_AT_CLIENT, {Arrived.YES: A}, rest=R),
        expect(CLIENT_RESETS_ANSWER, {Resets.YES: U, Resets.NO: U}),
        # Two observers on one side of the device see the same numbers.
        expect(SEQUENCE_REWRITTEN, {Sequence.ONE_WAY: U, Sequence.CLIENT: U, Sequence.NONE: E}, rest=R),
        # What is beyond the device quotes its numbers, if anything quotes; before it, those that were sent.
        expect(ICMP_QUOTE, {Quoted.OTHER_NUMBER: U}, rest=E),
        # Nothing is lost by it; but without losses nobody sends blocks.
        expect(SACK_BLOCKS, {Blocks.NOT_REWRITTEN: A, Blocks.CONSISTENT: R}),
        expect(LOSS_THERE, {Pattern.NONE: U, Pattern.RANDOM: U, Pattern.ONE_CLASS: E}, rest=R),
        expect(LOSS_BACK, {Pattern.NONE: U, Pattern.RANDOM: U, Pattern.ONE_CLASS: U}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: A, Took.TAKEN: E}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: U, Left.SERVER_DATA: U, Left.NOTHING: E}, rest=E),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A, Payload.YES: E}),
        expect(SEEN_AT_SERVER, {Reached.SYN: U, Reached.SOME_DATA: E, Reached.DATA: E}, rest=R),
        expect(ANSWERED_BY, {Answerer.SERVER: A, Answerer.ANOTHER: R}),
        expect(RESET_MOMENT, {Moment.NONE: U}, rest=E),
        # The firewall that the replies go around may call the client's resets invalid.
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: U}, rest=R),
        # The client resets what it cannot take: it sends no bare ACKs that could be lost.
        expect(ACK_FATE, {AckFate.ARRIVES: A}, rest=R),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U, Lost.AT_SERVER: E, Lost.ON_WAY_BACK: U}),
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: U, Remembered.BYPASSED: E, Remembered.REPLIED: E}, rest=R),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: R}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: A, Held.TAKEN: E}, rest=R),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: R}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPLY_ROUTER, {Router.SAME: U, Router.ANOTHER: U}, rest=E),
    ),
    proofs=(
        proof((ANSWER_ACKNOWLEDGES, Acknowledges.ANOTHER_NUMBER), (SEQUENCE_REWRITTEN, Sequence.ONE_WAY)),
        proof((SACK_BLOCKS, Blocks.NOT_REWRITTEN), (OUTSTANDING, Left.CLIENT_DATA)),
        proof((SACK_BLOCKS, Blocks.NOT_REWRITTEN), (OUTSTANDING, Left.SERVER_DATA)),
    ),
    ladder=Ladder(
        middle="rewriting firewall",
        rungs=(
            there("SYN (1000)", note="leaves the firewall as SYN (7000)"),
            back("SYN+ACK (ack 7001)", around=True, note="not taken back to 1001"),
            there("RST (7001)", dropped=Upright.SERVER, note="rewritten once more, fits nothing there"),
            there("SYN (1000)", note="again"),
            back("SYN+ACK (ack 7001)", around=True, note="again after each SYN"),
        ),
    ),
)
