"""source-blocked: a filter on the way there drops by the client's address.

What happens
    A filter stops every packet that comes from the client's address or prefix: a block list that caught it, a ban after
    too many tries, a rule that never heard of a new subnet, a country list. It drops silently, or answers with a reset
    or an ICMP error. It may stand beside the client, and then all destinations fail, or in front of the server, and
    then only what lies behind it fails.

What it leaves behind
    Client: SYNs and no SYN+ACK; a reset or an ICMP error right after the SYN where the filter answers. Server: nothing
    of this client, while connections of others come in. Firewall: SYNs of this client on the inside only, those of
    others on both sides; the counter of a rule about the source rises. Paths: probes of this client end at the filter.

What would refute it
    A SYN+ACK at the client; a SYN of the connection at the server.

What tells it from its neighbours
    A blocked destination fails for other clients of the same way as well, and spares other destinations. From one
    client and one server, without anything to compare, the two are the same.

What to ask next
    The same server from another client of the same network; the ruleset with counters.

What to change
    Take the client's address or prefix off the list, or correct the rule. Verify: the rule's counter stands still
    during an attempt, and the SYN leaves the filter.

A safe workaround
    Go out through another address that the owner of the filter admits, a proxy of the same site for one. Risk: a ban
    may have its reason; going around it without leave may break a rule of the network, and gets the other address
    banned as well.

References:
    nft(8), "ip saddr"; RFC 1812 section 5.2.7.1 (ICMP codes 9, 10, 13); fail2ban(1); RFC 2827 (filters by source).
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
from bothways.theories.ladder import Ladder, Upright, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="source-blocked",
    title="a filter drops by the client's address",
    claim="a filter on the way there drops what comes from this client's address or prefix, while others pass",
    mend="take the client's address or prefix off the filter's list, or correct the rule",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.NOTHING: U, Answer.RESET: E, Answer.PROHIBITED: U, Answer.UNREACHABLE: R}),
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
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: R}),
        expect(FIREWALL_STATE, {Remembered.NO_ENTRY: U, Remembered.UNREPLIED: E, Remembered.REPLIED: R}),
        expect(DROP_RULE, {Dropped.SOURCE: A, Dropped.NONE: E}, rest=R),
        expect(TRACE_THERE, {Trace.STOPS: U, Trace.REACHES: E}),
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: A}, rest=R),
        expect(OTHER_CLIENTS, {Others.WORK: A, Others.WORK_ELSEWHERE: E, Others.FAIL_ALIKE: R}),
        # All of the client's destinations fail where the filter stands beside it.
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: E, Fares.FAILS_ALIKE: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(SIBLINGS, {Siblings.ALL_FAIL: U, Siblings.TAKEN_BESIDE: R}),
        expect(SERVER_SOCKET, {}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(LOGGED_DROPS, {Logged.OPENING: A}, rest=R),
    ),
    proofs=(
        proof((DROP_RULE, Dropped.SOURCE)),
        proof((OTHER_CLIENTS, Others.WORK), (SEEN_AT_SERVER, Reached.NOTHING)),
        proof((OTHER_CLIENTS, Others.WORK), (PLACE_OF_LOSS, Lost.AT_DEVICE)),
        proof((OTHER_CLIENTS, Others.WORK), (PLACE_OF_LOSS, Lost.ON_PATH)),
        proof((OTHER_CLIENTS, Others.WORK), (ICMP_THERE, Said.PROHIBITED)),
    ),
    ladder=Ladder(
        middle="filter",
        rungs=(
            there("SYN", dropped=Upright.MIDDLE, note="its source is on the list"),
            there("SYN", dropped=Upright.MIDDLE, note="again after 1, 3, 7 s"),
        ),
    ),
)
