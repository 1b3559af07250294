"""destination-blocked: a rule on the way there blocks the destination altogether.

What happens
    A filter on the way there stops every packet to the server's address or port: a mistyped prefix (169.0.0.0/8 for
    169.254.0.0/16), a stale block list, a policy. It drops silently, or answers with a reset or an ICMP error of its
    own.

What it leaves behind
    Client: SYNs and no SYN+ACK, resent after about 1, 3 and 7 s; or a reset or an ICMP error right after the SYN where
    the filter answers.
    Server: nothing of the connection.
    Firewall: SYNs on the inside only; the rule's counter rises; no state entry, as a packet that is dropped confirms
    none.
    Paths: TCP traces to the server's port end at the filter, or at the hop before or after it; those to other
    destinations do not. Where the rule names a port, ICMP traces reach the server.
    Controls: other destinations work from the same client.

What would refute it
    A SYN+ACK at the client; a SYN of the connection at the server.

What tells it from its neighbours
    A closed port: the reset leaves the server's own interface. A lost reply or a server that ignores SYNs: the SYN
    arrives. A blocked source: no other destination works either. Neither a reset's TTL nor its missing options nor its
    IP identification of 0 tells who sent it: a server's reset to a SYN has them too.

What to ask next
    The ruleset with counters; a capture at the server; another destination from the same client.

What to change
    Remove or narrow the rule. Verify: its counter stands still during an attempt, and the SYN leaves the filter.

A safe workaround
    An exception for the one address and port before the rule. Risk: what the rule was meant to stop there passes too.

References:
    RFC 1812 section 5.2.7.1 (ICMP codes 9, 10, 13); RFC 4443 section 3.1; nft(8), "reject"; Linux nf_reject_ipv4.c.
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.icmp_errors import ICMP_THERE, Said
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.other_clients import OTHER_CLIENTS, Others
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Queue
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="destination-blocked",
    title="a rule blocks the destination",
    claim="a filter on the way there blocks this destination: no packet of the connection gets past it",
    mend="remove the rule, or narrow it to what it was meant for",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(
            ANSWER_TO_SYN,
            {Answer.NOTHING: U, Answer.RESET: E, Answer.PROHIBITED: U, Answer.UNREACHABLE: R},
        ),
        expect(SYN_REPEATS, {SynAgain.YES: U, SynAgain.NO: E}),
        expect(ICMP_THERE, {Said.NONE: U, Said.PROHIBITED: U}, rest=R),
        expect(SERVER_TOOK_ACK, {}),
        expect(CLIENT_DATA_ACKED, {}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        expect(OUTSTANDING, {}),
        expect(SEEN_AT_SERVER, {Reached.NOTHING: A}),
        expect(ACK_FATE, {}),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U}),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.AFTER_SYN: U}),
        # The server's own host firewall may send the reset, and is a filter too.
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: R}),
        expect(FIREWALL_STATE, {Remembered.NO_ENTRY: U, Remembered.UNREPLIED: E, Remembered.REPLIED: R}),
        # Whoever sees a SYN+ACK knows that the SYN reached the server.
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: A}),
        expect(DROP_RULE, {Dropped.DESTINATION: U}, rest=R),
        expect(TRACE_THERE, {Trace.STOPS: U, Trace.REACHES: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: R}),
        expect(OTHER_CLIENTS, {Others.FAIL_ALIKE: U, Others.WORK_ELSEWHERE: E, Others.WORK: R}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(SERVER_SOCKET, {}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(LOGGED_DROPS, {Logged.OPENING: A}, rest=R),
    ),
    proofs=(
        proof((DROP_RULE, Dropped.DESTINATION)),
        proof((ANSWER_TO_SYN, Answer.PROHIBITED), (SAME_NAME_ELSEWHERE, Fares.WORKS)),
        proof((RESET_SENDER, Sender.NOT_SERVER), (RESET_MOMENT, Moment.AFTER_SYN), (SAME_NAME_ELSEWHERE, Fares.WORKS)),
    ),
    ladder=Ladder(
        middle="filter",
        rungs=(
            there("SYN", dropped=Upright.MIDDLE, note="a rule matches the destination"),
            back("RST or ICMP", start=Upright.MIDDLE, note="from a filter that rejects; others stay silent"),
            there("SYN", dropped=Upright.MIDDLE, note="again after 1, 3, 7 s, where nothing came"),
        ),
    ),
)
