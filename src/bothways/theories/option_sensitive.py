"""option-sensitive: a device or the server drops SYNs that offer a certain option; without it they are answered.

What happens
    A filter that knows TCP as it was, or a "normaliser" that is set too strictly, drops SYNs with ECN, Fast Open,
    MPTCP, timestamps or whatever option it does not know. The client's kernel repeats the same SYN and gives up; some
    try again without the option, and then connect after seconds.

What it leaves behind
    Client: SYNs without an answer that all offer the option, and answered ones that do not: of a kernel that tries
    without it, of an older machine, of a trace. Server: nothing of the SYNs with the option, or SYNs that its own
    filter drops, and there a rule that names the option and counts. Firewall: the SYN on one side only; such a rule's
    counter. Paths: TCP SYN traces reach the server, because they offer no such option.

What would refute it
    A SYN with the same options that is answered, sent between those that are not.

What tells it from its neighbours
    A rule that blocks the destination stops every SYN, also a trace's. A full queue or a server that ignores SYNs does
    not look at options.

What to ask next
    The same connection without the option, and then with it again: if the first works and the second does not, the
    option decides. The rules, with counters, of the server's host and of the filters on the way.

What to change
    Let the device pass options that it does not know (or update it). Verify: a SYN with the option is answered.

A safe workaround
    Switch the option off on the client (`sysctl -w net.ipv4.tcp_ecn=0`, `net.ipv4.tcp_timestamps=0`,
    `net.ipv4.tcp_fastopen=0`), or only for this destination where routes can say so. Risk: it is slower or less robust
    with every other server meanwhile (without timestamps there is no protection against wrapped sequence numbers), and
    forgotten settings stay; write down what they were.

References:
    RFC 9293 section 3.1 (MUST-6: ignore options that are not implemented); RFC 3168 section 6.1.1.1 (ECN: try again
    without); RFC 7413 section 4.1.3 (Fast Open: try again without); Linux Documentation/networking/ip-sysctl.rst.
"""

from bothways.facts.acceptance import SERVER_TOOK_ACK, Took
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.host_rules import SERVER_RULE, HostDrops
from bothways.facts.loss import LOSS_THERE, Pattern
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.options_fate import OPTIONS_FATE, Fate
from bothways.facts.reach import PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_SENDER, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="option-sensitive",
    title="SYNs with a certain option are dropped",
    claim="a device or the server drops SYNs that offer a certain option, and answers those without it",
    mend="let the device pass options that it does not know; until then, switch the option off on the client",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(
            ANSWER_TO_SYN,
            {Answer.NOTHING: U, Answer.RESET: E, Answer.PROHIBITED: E, Answer.UNREACHABLE: R, Answer.SYN_ACK: R},
            rest=R,
        ),
        expect(OPTIONS_FATE, {Fate.SENSITIVE: A, Fate.INDIFFERENT: R}),
        # Connections that offer the option lose all, others nothing.
        expect(LOSS_THERE, {Pattern.BY_CONNECTION: U, Pattern.ALL: U, Pattern.ONE_CLASS: E, Pattern.NONE: E}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: E, Took.TAKEN: R}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A, Payload.YES: R}),
        expect(SEEN_AT_SERVER, {Reached.NOTHING: U, Reached.SYN: U}, rest=R),
        expect(SERVER_ANSWER, {Sent.NOTHING: U}, rest=R),
        expect(PLACE_OF_LOSS, {Lost.ON_PATH: U, Lost.AT_DEVICE: U, Lost.AT_SERVER: E, Lost.ON_WAY_BACK: R}),
        # Hosts ignore options that they do not know (RFC 9293 section 3.2); filters on them may reset.
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: R}),
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: U, Remembered.NO_ENTRY: E}, rest=R),
        # The rules at hand may be another filter's than the one that dislikes the option.
        expect(DROP_RULE, {Dropped.OPTION: U, Dropped.NONE: E}, rest=R),
        expect(SERVER_RULE, {HostDrops.OPTION: U, HostDrops.NONE: E}, rest=R),
        # Nobody answers a SYN that is dropped.
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: A}, rest=R),
        # Traces offer few options or none.
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: R}),
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((OPTIONS_FATE, Fate.SENSITIVE)),
        proof((DROP_RULE, Dropped.OPTION), (ANSWER_TO_SYN, Answer.NOTHING)),
        proof((SERVER_RULE, HostDrops.OPTION), (ANSWER_TO_SYN, Answer.NOTHING)),
    ),
    ladder=Ladder(
        middle="filter",
        rungs=(
            there("SYN (with the option)", dropped=Upright.MIDDLE),
            there("SYN (with the option)", dropped=Upright.MIDDLE, note="again after 1, 3, 7 s"),
            there("SYN (without it)"),
            back("SYN+ACK", note="at once"),
        ),
    ),
)
