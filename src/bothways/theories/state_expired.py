"""state-expired: a device on the path has forgotten the connection, and stops what it says later.

What happens
    A stateful firewall, translator or load balancer keeps an entry for each connection, and gives it up: after a
    silence longer than its timer, in a restart, a flush or a failover to a partner without the state. The ends know
    nothing of it. The next packet fits no connection that the device knows; it drops it, or answers with a reset.

What it leaves behind
    Client: the connection works, both ways carry data; after a silence (or in the midst of use, if the state was
    flushed) its data is resent and never acknowledged again, or reset at once. A new connection works. Server: nothing
    more of the client, though the connection was taken and stays ESTABLISHED. Firewall: the entry ends (`[DESTROY]`
    in the state ESTABLISHED) before the client's last packets; they enter, count as invalid, and do not leave. Paths:
    nothing to see; path tools open connections of their own.

What would refute it
    A connection that never carried data both ways. The fatal packets at the server. An entry that outlives them.

What tells it from its neighbours
    A filter or a narrow link stops the same packets of every connection, at whatever age. A program that hangs still
    has its kernel acknowledge what arrives. A line that loses packets loses them of all connections.

What to ask next
    The firewall's table or its events during one such death; its timers (Linux: `sysctl -a | grep
    conntrack_tcp_timeout`, 5 days when open, 60 and 120 s when half open; pf: `pfctl -s timeouts`, 1 day, 30 and 120 s;
    load balancers forget after minutes); whether a connection with keepalives every minute lives.

What to change
    Raise the device's idle timer above the application's silences, or let the application keep its connections alive
    more often than the timer runs. Synchronise state between the members of a cluster. Verify: the same silence, and
    the next request is answered.

A safe workaround
    TCP keepalives on the client more frequent than the device's timer (`net.ipv4.tcp_keepalive_time`, or the
    program's own). Risk: dead peers are noticed sooner, which a program may not be used to; entries live longer, so
    that the device's table holds more of them.

References:
    RFC 5382 section 5, REQ-5 (translators keep idle connections 2 h 4 min at least, half-open ones 4 min); RFC 7857
    section 2 (which of them a connection is, and what a reset changes); RFC 1122 section 4.2.3.6 (keepalives); Linux
    Documentation/networking/nf_conntrack-sysctl.rst (nf_conntrack_tcp_timeout_established, _tcp_loose); pf.conf(5)
    (`set timeout`, tcp.established).
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.age_at_death import AGE_AT_DEATH, Death
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SIBLINGS, Fares, Siblings
from bothways.facts.contrast import SIZE_CONTRAST, Contrast
from bothways.facts.firewall_log import LOGGED_DROPS, Logged
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.reach import PLACE_OF_LOSS, SEEN_AT_SERVER, Lost, Reached
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.state_counters import INVALID_COUNTED
from bothways.facts.worked_before import WORKED_BEFORE, Worked
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="state-expired",
    title="a device forgot the connection",
    claim="a stateful device gave up its entry of a connection that worked, and stops what the ends say later",
    mend="raise the device's idle timer above the connection's silences, or have the ends send keepalives more often",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: E}),
        # A server that speaks first, or last, may be the only one that said anything.
        expect(CLIENT_DATA_ACKED, {Acked.YES: U, Acked.NO: E}),
        expect(SERVER_SENT_PAYLOAD, {Payload.YES: U, Payload.NO: E}),
        expect(WORKED_BEFORE, {Worked.BOTH_WAYS: A}, rest=R),
        expect(AGE_AT_DEATH, {Death.AFTER_SILENCE: U, Death.AT_TIMER: E, Death.IN_USE: E}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: U, Left.SERVER_DATA: E}, rest=R),
        # Of the connection's whole life, of which the first part arrived.
        expect(SEEN_AT_SERVER, {Reached.SOME_DATA: U, Reached.DATA: U, Reached.BARE_ACK: E, Reached.ACK_ONLY: E}),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: U, Lost.ON_PATH: U, Lost.ON_WAY_BACK: E}, rest=R),
        # Once the state is gone, every size is lost.
        expect(SIZE_CONTRAST, {Contrast.SMALL_LOST_TOO: A}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.LATER: U, Moment.AFTER_DATA: E, Moment.AFTER_ACK: R}, rest=R),
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: E}),
        expect(FIREWALL_STATE, {Remembered.FORGOTTEN: A, Remembered.REPLIED: E, Remembered.NO_ENTRY: E}, rest=R),
        expect(DROP_RULE, {Dropped.INVALID_ONLY: U, Dropped.NONE: E}, rest=R),
        expect(OPENING_ON_PATH, {Passes.BOTH: U, Passes.SYN_ONLY: E, Passes.REPLY_ONLY: E}, rest=R),
        # What is opened anew gets an entry of its own.
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(SERVER_SOCKET, {Held.TAKEN: A, Held.UNREAD: E}, rest=R),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        # By now the connection is as strange to the firewall as any stray ACK.
        expect(PROBES_INSIDE, {Inside.ALL_PASS: U, Inside.ACK_STOPS: E, Inside.SEGMENTS_STOP: E}, rest=R),
        expect(INVALID_COUNTED, {Counted.RISEN: U, Counted.COUNTED: U, Counted.NONE: E}),
        expect(LOGGED_DROPS, {Logged.LATER_AS_INVALID: U, Logged.LATER: U, Logged.BACK: E}, rest=R),
    ),
    proofs=(
        proof(
            (FIREWALL_STATE, Remembered.FORGOTTEN),
            (WORKED_BEFORE, Worked.BOTH_WAYS),
            (DROP_RULE, Dropped.INVALID_ONLY),
        ),
        proof(
            (FIREWALL_STATE, Remembered.FORGOTTEN),
            (WORKED_BEFORE, Worked.BOTH_WAYS),
            (PLACE_OF_LOSS, Lost.AT_DEVICE),
        ),
        proof(
            (FIREWALL_STATE, Remembered.FORGOTTEN),
            (WORKED_BEFORE, Worked.BOTH_WAYS),
            (RESET_SENDER, Sender.NOT_SERVER),
        ),
    ),
    ladder=Ladder(
        middle="stateful device",
        rungs=(
            there("SYN"),
            back("SYN+ACK"),
            there("ACK, data"),
            back("ACK, data"),
            there("data", dropped=Upright.MIDDLE, note="after a long silence: its entry is gone"),
            there("data", dropped=Upright.MIDDLE, note="again and again, ever more slowly"),
        ),
    ),
)
