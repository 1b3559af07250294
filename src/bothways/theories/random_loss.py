"""random-loss: packets are lost on the way, whatever they are.

What happens
    A bad cable or optic, a radio link, a line or a queue that is full loses packets of either way or of one, without
    regard to what they are. TCP repairs it, ever more slowly as the share grows: from a few per cent on everything
    crawls, from some tens of per cent on handshakes and transfers fail.

What it leaves behind
    Client: data repeated that arrives at the second or third try, SYNs answered after a repeat, holes that are filled
    late; some connections done, some given up. Server: the same from the other side. Firewall: all kinds of packets
    on both of its sides, or, where the loss is beside it, fewer on one. Paths: loss at a hop that all later hops share.

What would refute it
    Two captures around the way that show every packet on both sides. A class of packets, a size or a port that fails
    each time while others never do.

What tells it from its neighbours
    A filter loses all of a class, a narrow link all of a size, a bad member of several paths all of some connections:
    each of them spares the rest altogether. A policer or a full queue loses without pattern as well, and more the
    more is sent: the counters of the device tell.

What to ask next
    A capture at the other end during a transfer; the interface counters of the devices along the way.

What to change
    Replace the cable, optic or link, or make room on the line that is full. Verify: repeats below 2 % in a capture of
    an ordinary transfer, and error counters that stand still.

A safe workaround
    Route around the bad line, if there is another one. Risk: the other line has to carry all of it, and fills up.

References:
    RFC 6298 (retransmission timer); RFC 9293 section 3.8; RFC 2680 (one-way packet loss); mtr(8) on loss that later
    hops do not share.
"""

from bothways.facts.acceptance import SERVER_TOOK_ACK, SYN_ACK_REPEATS, Repeats, Took
from bothways.facts.comparison import SIBLINGS, Siblings
from bothways.facts.contrast import SIZE_CONTRAST, Contrast
from bothways.facts.fate_by_port import FATE_BY_PORT, ByPort
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.loss import LOSS_BACK, LOSS_THERE, Pattern
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.repair import LOST_DATA, Repaired
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.side_by_side import LOST_BESIDE, Meanwhile
from bothways.facts.sockets import ACCEPT_QUEUE, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="random-loss",
    title="packets are lost, whatever they are",
    claim="packets are lost on the way whatever they are, more than TCP can repair without anybody noticing",
    mend="find the bad or full line by its error and drop counters, and replace it or make room on it",
    expects=(
        expect(HEALTH, {Health.FAILED: A, Health.DEGRADED: A}),
        # Chance hardly eats every SYN of several, or each of their answers.
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: U}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: U, Took.NOT_TAKEN: E}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: E, Repeats.SEVERAL: R}),
        # Chance hardly eats data that is repeated for seconds each time, and lets what is beside it pass.
        expect(SEEN_AT_SERVER, {Reached.SOME_DATA: U, Reached.DATA: U, Reached.ACK_ONLY: E, Reached.SYN: E}, rest=R),
        # Where all was acknowledged and nothing is missing, nobody waits for what was lost.
        expect(OUTSTANDING, {Left.NOTHING: R}, rest=U),
        expect(ACK_FATE, {AckFate.ARRIVES: U, AckFate.LOST: R}),
        expect(PLACE_OF_LOSS, {Lost.ON_PATH: U, Lost.ON_WAY_BACK: U, Lost.AT_DEVICE: E, Lost.AT_SERVER: R}),
        expect(SIZE_CONTRAST, {Contrast.SMALL_LOST_TOO: U, Contrast.LARGE_LOST_SMALL_PASS: R}),
        # One way alone may be bad, and captures may stand on the sound side of the bad line.
        expect(LOSS_THERE, {Pattern.RANDOM: U, Pattern.NONE: U}, rest=R),
        expect(LOSS_BACK, {Pattern.RANDOM: U, Pattern.NONE: U}, rest=R),
        # An outage hits all that is carried meanwhile.
        expect(LOST_BESIDE, {Meanwhile.IN_TURN: U, Meanwhile.SIDE_BY_SIDE: R}),
        # A repeat is lost by the same chance as anything else.
        expect(LOST_DATA, {Repaired.ALL: A, Repaired.SOME: U, Repaired.NONE: R}),
        expect(RESET_MOMENT, {Moment.NONE: U}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: E}),
        expect(FATE_BY_PORT, {ByPort.SOME_FAIL: U, ByPort.MIXED: U, ByPort.ALL_FAIL: E, ByPort.SAME_PORTS: R}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(proof((LOSS_THERE, Pattern.RANDOM)), proof((LOSS_BACK, Pattern.RANDOM))),
    ladder=Ladder(
        middle="bad line",
        rungs=(
            there("SYN"),
            back("SYN+ACK", dropped=Upright.MIDDLE),
            there("SYN", note="again after 1 s"),
            back("SYN+ACK"),
            there("ACK"),
            there("data", dropped=Upright.MIDDLE),
            there("data", note="again, and now it arrives"),
            back("data"),
        ),
    ),
)
