"""path-member-fault: one of several balanced paths is bad.

What happens
    A router shares connections among several paths, or a bundle of links, by a hash over addresses and ports. One
    member loses what it gets, all of it or a class of packets: a dead optic that nobody takes out of the bundle, a
    router that lacks a route, a filter that stands on one path only. Connections that the hash puts there fail, each
    time; all others never do.

What it leaves behind
    Client: some connections fail whatever is repeated, others beside them work, and a source port that failed fails
    again; while packets of some are lost, those of others arrive. Server: nothing of the failing ones, or SYNs whose
    answers are lost, or SYNs and no ACKs, or all that they send, while what it answers is lost; the working ones whole.
    Firewall: both kinds pass; the loss is farther on. Paths: reports differ with the ports of their probes, and some of
    them end.

What would refute it
    A port that fails at one time and works at another. All connections failing from many ports.

What tells it from its neighbours
    Random loss hits packets of every connection. A full queue or table fails connections of one moment, whatever their
    port. A reused port that meets a remnant of its last connection fails too, where fresh ones work.

What to ask next
    The same source ports twice over, with a capture at both ends; `traceroute` with fixed ports; the counters of each
    member.

What to change
    Take the bad member out of the bundle or the set of routes, then repair it. Verify: ports that failed before work.

A safe workaround
    Try again: a new connection takes another port, and mostly another path. Risk: part of all connections still waits
    for its first failure.

References:
    RFC 2992 (equal-cost multipath by hash); Linux Documentation/networking/ip-sysctl.rst, fib_multipath_hash_policy;
    IEEE 802.1AX (link aggregation); Augustin et al. 2006, "Avoiding traceroute anomalies with Paris traceroute".
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, Acked, Took
from bothways.facts.comparison import SIBLINGS, Siblings
from bothways.facts.fate_by_port import FATE_BY_PORT, ByPort
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, Counted
from bothways.facts.loss import LOSS_BACK, LOSS_THERE, Pattern
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.other_clients import OTHER_CLIENTS, Others
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.repair import LOST_DATA, Repaired
from bothways.facts.replies import SERVER_SENT_PAYLOAD, Payload
from bothways.facts.reply_arrival import REPLY_AT_CLIENT, Arrived
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.side_by_side import LOST_BESIDE, Meanwhile
from bothways.facts.sockets import ACCEPT_QUEUE, Queue
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="path-member-fault",
    title="one of several balanced paths is bad",
    claim="routers share connections among several paths by their ports, and one of the paths loses what it gets",
    mend="take the bad path or link out of the set that connections are shared among, and repair it",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.NOTHING: U, Answer.SYN_ACK: U}, rest=R),
        # A SYN that comes through is answered: the server is sound.
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # What the bad path gets of a connection dies there, on the way there or on the way back: then the server takes
        # all that the client sends.
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: U, Took.TAKEN: E}),
        expect(ACK_FATE, {AckFate.LOST: U, AckFate.ARRIVES: U}),
        expect(CLIENT_DATA_ACKED, {Acked.NO: U, Acked.YES: E}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: U, Payload.YES: R}),
        # Whoever sends first, what the bad path gets is never acknowledged.
        expect(OUTSTANDING, {Left.CLIENT_DATA: E, Left.SERVER_DATA: E, Left.NOTHING: R}),
        expect(SEEN_AT_SERVER, {Reached.NOTHING: U, Reached.SYN: U, Reached.DATA: E}, rest=R),
        expect(PLACE_OF_LOSS, {Lost.ON_PATH: U, Lost.ON_WAY_BACK: U}, rest=R),
        # The bad member may lie before the firewall or beyond it, on the way there or back.
        expect(FIREWALL_STATE, {Remembered.UNREPLIED: U, Remembered.NO_ENTRY: E, Remembered.REPLIED: E}, rest=R),
        expect(OPENING_ON_PATH, {Passes.SYN_ONLY: U, Passes.BOTH: U}, rest=R),
        expect(LOSS_THERE, {Pattern.BY_CONNECTION: A, Pattern.NONE: U}, rest=R),
        expect(LOSS_BACK, {Pattern.BY_CONNECTION: A, Pattern.NONE: U}, rest=R),
        # A repeat goes by the same ports, and so by the same path.
        expect(LOST_DATA, {Repaired.NONE: A, Repaired.SOME: E}, rest=R),
        # Who tries one port after the other sees them in turn.
        expect(LOST_BESIDE, {Meanwhile.SIDE_BY_SIDE: U, Meanwhile.IN_TURN: U}),
        expect(REPLY_AT_CLIENT, {}, rest=E),
        # A probe of one port, and of a person who gave up early, says less than it seems.
        expect(SIBLINGS, {Siblings.TAKEN_BESIDE: U, Siblings.ALL_FAIL: R}),
        expect(FATE_BY_PORT, {ByPort.SAME_PORTS: A, ByPort.SOME_FAIL: U, ByPort.ALL_FAIL: R, ByPort.MIXED: R}),
        expect(OTHER_CLIENTS, {Others.WORK: U, Others.WORK_ELSEWHERE: U, Others.FAIL_ALIKE: E}),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(RESET_MOMENT, {Moment.NONE: U}, rest=R),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((FATE_BY_PORT, ByPort.SAME_PORTS), (LOSS_THERE, Pattern.BY_CONNECTION)),
        proof((FATE_BY_PORT, ByPort.SAME_PORTS), (LOSS_BACK, Pattern.BY_CONNECTION)),
        proof((FATE_BY_PORT, ByPort.SAME_PORTS), (PLACE_OF_LOSS, Lost.ON_PATH)),
        # Nobody tried a port again, and yet no moment decides.
        proof(
            (LOST_BESIDE, Meanwhile.SIDE_BY_SIDE),
            (LOSS_THERE, Pattern.BY_CONNECTION),
            (PLACE_OF_LOSS, Lost.ON_PATH),
            (SIBLINGS, Siblings.TAKEN_BESIDE),
        ),
        proof((FATE_BY_PORT, ByPort.SAME_PORTS), (SERVER_ANSWER, Sent.SYN_ACK), (REPLY_AT_CLIENT, Arrived.NO)),
        proof(
            (LOST_BESIDE, Meanwhile.SIDE_BY_SIDE),
            (LOSS_BACK, Pattern.BY_CONNECTION),
            (PLACE_OF_LOSS, Lost.ON_WAY_BACK),
            (SIBLINGS, Siblings.TAKEN_BESIDE),
        ),
    ),
    ladder=Ladder(
        middle="bad path",
        rungs=(
            there("SYN", dropped=Upright.MIDDLE, note="port 50001: the hash takes the bad path"),
            there("SYN", dropped=Upright.MIDDLE, note="again after 1, 3, 7 s"),
            there("SYN", around=True, note="port 50002: another path"),
            back("SYN+ACK", around=True),
        ),
    ),
)
