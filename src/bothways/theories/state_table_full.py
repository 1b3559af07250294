"""state-table-full: a stateful device holds as many connections as it may, and drops the SYN of each new one.

What happens
    Each connection takes a place in the table of a stateful firewall or translator until it ends or its timer runs out.
    When all places are taken (too small a table, a scan, a flood, timers of days), there is none for a new connection:
    its SYN is dropped. Connections that have a place go on. A limit on connections, for all or for one client, does the
    same.

What it leaves behind
    Client: SYNs after 1, 3, 7 s, and nothing back; connections that were made before live, and some new ones find a
    place that was just given up.
    Server: nothing of the connections that fail.
    Firewall: SYNs that enter and do not leave; as many entries as its bound (`nf_conntrack_count` at
    `nf_conntrack_max`), `nf_conntrack: table full, dropping packet` in the kernel's log, `drop` and `early_drop` rising
    in `conntrack -S`; no entry of the connections that fail.
    Paths: reports of tools that open connections stop at the firewall, too.

What would refute it
    The SYN beyond the firewall. A table with room during the attempt.

What tells it from its neighbours
    A rule that blocks the destination hits that destination only, always, and its counter says so. A full table hits
    every destination, in bursts, and spares what is open. A line that loses packets loses those of open ones, too.

What to ask next
    How many entries the table has and may have, and the kernel's log, during an attempt; whether other destinations
    fail at the same moments.

What to change
    Enlarge the table (`nf_conntrack_max`, and its buckets), shorten the timers of what idles, and find out who fills
    it (`conntrack -L | awk` by source). Verify: the count stays below the bound at the busiest hour, and `drop` no
    longer rises.

A safe workaround
    Shorten `nf_conntrack_tcp_timeout_established` from five days to hours. Risk: connections that are silent for longer
    lose their state and hang.

References:
    Linux net/netfilter/nf_conntrack_core.c (__nf_conntrack_alloc, "table full, dropping packet"),
    Documentation/networking/nf_conntrack-sysctl.rst; nft(8), "CT LIMIT" (`ct count over`); RFC 6298 section 2 (the
    SYN's timer).
"""

from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.loss import LOSS_THERE, Pattern
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.other_clients import OTHER_CLIENTS, Others
from bothways.facts.reach import PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Queue
from bothways.facts.state_counters import INVALID_COUNTED, STATE_TABLE, Room
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="state-table-full",
    title="the firewall's table of connections is full",
    claim="a stateful device holds as many connections as it may, and drops the SYN of each new one",
    mend="enlarge the table or shorten its timers, and find out who fills it",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.NOTHING: A, Answer.SYN_ACK: N, Answer.IGNORED: N}, rest=R),
        expect(SYN_REPEATS, {SynAgain.YES: A, SynAgain.NO: R}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A}),
        # One of several tries may find a place, and its SYN+ACK none.
        expect(SEEN_AT_SERVER, {Reached.NOTHING: A, Reached.SYN: R}),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U}, rest=R),
        # Who has a place loses nothing, who finds none loses every SYN.
        expect(LOSS_THERE, {Pattern.RANDOM: R}, rest=U),
        expect(FIREWALL_STATE, {Remembered.NO_ENTRY: A}, rest=R),
        expect(STATE_TABLE, {Room.FULL: A}, rest=R),
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: A}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        # A full table drops anybody's SYN, now and then lets one in; a limit for each client spares the others.
        expect(OTHER_CLIENTS, {Others.FAIL_ALIKE: U, Others.WORK: E, Others.WORK_ELSEWHERE: E}),
        expect(LOGGED_DROPS, {Logged.OPENING: U}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: U}),
        # What is open goes on; whether others find a place is a matter of moments.
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: U}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.FAILS_ALIKE: U, Fares.WORKS: E}),
        expect(SERVER_SOCKET, {}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        # No SYN+ACK comes that could be repeated; what finds no place is dropped, and not called invalid.
        expect(REPEATS_AT_CLIENT, {Counted.NONE: A, Counted.COUNTED: E}, rest=R),
        expect(INVALID_COUNTED, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: E}),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((STATE_TABLE, Room.FULL), (OPENING_ON_PATH, Passes.SYN_ONLY), (ANSWER_TO_SYN, Answer.NOTHING)),
        proof((STATE_TABLE, Room.FULL), (PLACE_OF_LOSS, Lost.AT_DEVICE), (ANSWER_TO_SYN, Answer.NOTHING)),
    ),
    ladder=Ladder(
        middle="stateful firewall",
        rungs=(
            there("SYN", dropped=Upright.MIDDLE, note="no place in its table"),
            there("SYN", dropped=Upright.MIDDLE, note="again after 1, 3, 7 s"),
        ),
    ),
)
