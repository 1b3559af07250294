"""window-mangled: a device reads windows without their scale, or rewrites them, and drops what it takes to be beyond.

What happens
    Both ends agree in the handshake to count windows in larger units (window scaling). A firewall that minds windows
    did not learn the scale: it saw one way of the handshake only, lost its state, or strips the option. It reads 64 KiB
    as a few hundred bytes and drops the data that is sent into the rest. What fits into the handshake's own windows,
    which are never scaled, passes first.

What it leaves behind
    Client and server: the connection opens, tens of kilobytes pass (65,535 bytes at most, always about as many), then
    the sender repeats one segment without end, or crawls on. Short exchanges work. Firewall: packets enter it and do
    not leave it, called invalid or out of window (`conntrack -S` counts `invalid`; its log says "over the window").
    Paths: complete.

What would refute it
    Data sent beyond the unscaled window that arrived. A connection without window scaling.

What tells it from its neighbours
    An MTU black hole stops the first full segment, not the fortieth. Loss by chance or a state that expired does not
    know where the window ends. A receiver that does not read says so, with a window of 0.

What to ask next
    A capture at the sending end from the handshake on; captures on both sides of the firewall; its counters of
    invalid packets.

What to change
    Let the firewall see both ways of the handshake, or keep its state through a failover. Verify: more than 65,535
    bytes pass in one connection.

A safe workaround
    Let the firewall pass what is out of window (`sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1`), or switch
    window scaling off on one end (`sysctl -w net.ipv4.tcp_window_scaling=0`). Risk: the first lets forged packets of
    known connections pass more easily; the second slows every long transfer over long distances.

References:
    RFC 7323 section 2.2 (window scale; the windows of SYN and SYN+ACK are not scaled), section 2.3; Linux
    net/netfilter/nf_conntrack_proto_tcp.c (tcp_in_window), Documentation/networking/nf_conntrack-sysctl.rst.
"""

from collections.abc import Mapping
from enum import StrEnum

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, Acked, Took
from bothways.facts.age_at_death import AGE_AT_DEATH, Death
from bothways.facts.comparison import SAME_NAME_ELSEWHERE, SIBLINGS, Fares, Siblings
from bothways.facts.contrast import SIZE_CONTRAST, Contrast
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.loss import LOSS_BACK, LOSS_THERE, Pattern
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.replies import SERVER_WINDOW, Window
from bothways.facts.reply_router import REPLY_ROUTER, Router
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.facts.window_arithmetic import WINDOW_ARITHMETIC, Beyond
from bothways.facts.worked_before import WORKED_BEFORE, Worked
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

_LOSS: Mapping[StrEnum, Expect] = {Pattern.NONE: U, Pattern.ONE_CLASS: U, Pattern.ONE_SIZE: E, Pattern.ALL: E}

THEORY = Theory(
    id="window-mangled",
    title="a device misreads windows and drops what is beyond",
    claim="a device reads the receiver's window without its scale, and drops data that is sent into the rest of it",
    mend="let the firewall see both ways of the handshake, or make it tolerant of what is out of window",
    expects=(
        expect(HEALTH, {Health.FAILED: A, Health.DEGRADED: E}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A}),
        expect(CLIENT_DATA_ACKED, {Acked.YES: U, Acked.NO: R}),
        # It is in use when it stalls, by what was sent and not by the time that went by.
        expect(WORKED_BEFORE, {Worked.BOTH_WAYS: U, Worked.NOT_YET: E}),
        expect(AGE_AT_DEATH, {Death.IN_USE: U}, rest=R),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        expect(OUTSTANDING, {Left.CLIENT_DATA: U, Left.SERVER_DATA: U, Left.NOTHING: R}),
        expect(WINDOW_ARITHMETIC, {Beyond.UNSCALED: A, Beyond.WITHIN: R}),
        # What is beyond the window is lost whatever its size.
        expect(SIZE_CONTRAST, {Contrast.SMALL_LOST_TOO: U}, rest=R),
        expect(SEEN_AT_SERVER, {Reached.SOME_DATA: U, Reached.DATA: U}, rest=R),
        expect(ACK_FATE, {AckFate.ARRIVES: A, AckFate.LOST: R}),
        expect(PLACE_OF_LOSS, {Lost.ON_PATH: U, Lost.AT_DEVICE: U, Lost.ON_WAY_BACK: U, Lost.AT_SERVER: R}),
        expect(SERVER_WINDOW, {Window.OPEN: U, Window.CLOSED: R}),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.LATER: E, Moment.AFTER_DATA: E}, rest=R),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U, Remembered.UNREPLIED: E, Remembered.BYPASSED: E}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: U}, rest=R),
        expect(SERVER_SOCKET, {Held.TAKEN: U, Held.UNREAD: R}, rest=R),
        # A short exchange beside the long one fits into any window.
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: U}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: R}),
        # What is beyond the window is lost of long transfers only, and behind what fitted into it.
        expect(LOSS_THERE, _LOSS, rest=R),
        expect(LOSS_BACK, _LOSS, rest=R),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPLY_ROUTER, {Router.SAME: U, Router.ANOTHER: U}, rest=E),
        expect(PROBES_INSIDE, {Inside.ALL_PASS: U, Inside.DATA_STOPS: E, Inside.LARGE_STOPS: E}, rest=R),
    ),
    proofs=tuple(
        proof((WINDOW_ARITHMETIC, Beyond.UNSCALED), (PLACE_OF_LOSS, place))
        for place in (Lost.AT_DEVICE, Lost.ON_PATH, Lost.ON_WAY_BACK)
    ),
    ladder=Ladder(
        middle="window-minding firewall",
        rungs=(
            there("SYN (window scale 7)"),
            back("SYN+ACK (window scale 7)", around=True),
            there("ACK"),
            there("data", note="the first 64 KiB pass"),
            back("ACK (window 502)", note="means 64,256 bytes, is read as 502"),
            there("data", dropped=Upright.MIDDLE, note="beyond the window, as the firewall reads it"),
            there("data", dropped=Upright.MIDDLE, note="again and again, ever more slowly"),
        ),
    ),
)
