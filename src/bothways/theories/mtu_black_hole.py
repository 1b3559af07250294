"""mtu-black-hole: packets above a certain size vanish, and the ICMP error that would say so does not arrive.

What happens
    A link on the path carries less than the ends assume. Routers drop the packets that do not fit and report it by
    ICMP; the report is filtered or lost, so the sender never learns and sends full-sized packets again and again. It
    may hit either way.

What it leaves behind
    Client: the handshake and small packets pass. On the way there full-sized segments are resent and never
    acknowledged (a ClientHello with a post-quantum key share fills more than one). On the way back the client sees the
    gap: its data acknowledged, then silence, then a later packet of the server whose sequence number has jumped.
    Server: on the way there the bare ACK and small segments arrive, full-sized ones never; on the way back its own
    full-sized segments are resent and never acknowledged.
    Client and server: where the report does come in, the host passes it over and goes on sending what is too large.
    Firewall: an ESTABLISHED entry; on one side of the narrow link large packets that are missing on the other. It, or
    another filter, may count the ICMP errors that it drops.
    Paths: traces with small packets reach the server; `ping -M do` passes up to a size, `tracepath` ends at the narrow
    link.

What would refute it
    A small packet that dies for good on the same way. A bare ACK that the server never took.

What tells it from its neighbours
    A name filter drops a ClientHello of any size. A silent application leaves no gap. Lost state drops small packets
    too.

What to ask next
    Captures at both ends; `ping -M do -s SIZE` each way, with its report kept; `tracepath`.

What to change
    Let ICMP "fragmentation needed" (IPv4 type 3 code 4) and "packet too big" (ICMPv6 type 2) pass, or clamp the MSS at
    the narrow link. A report that comes in and is not heeded is dropped by the host's own filter, or a translator left
    its own addresses in the quote (RFC 5508 section 4.2). Verify: `ping -M do` with the full size gets an ICMP error
    that names the next MTU, or, after clamping, the SYN that arrives has the smaller MSS; and a large transfer
    completes each way.

A safe workaround
    A smaller MTU on the interface or route of one end (`ip route change ... mtu 1280`), or probing for it
    (net.ipv4.tcp_mtu_probing=1). Risk: a little more overhead for everything that takes that route; probing helps only
    what the host that probes sends.

References:
    RFC 1191; RFC 8201; RFC 2923 section 2.1 (black holes); RFC 4821; ping(8), "-M do".
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.contrast import SIZE_CONTRAST, Contrast
from bothways.facts.echo_sizes import ECHO_SIZES, Echoes
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.icmp_quote import ICMP_QUOTE, Quoted
from bothways.facts.mtu_steps import MTU_STEPS, Steps
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.repair import LOST_DATA, Repaired
from bothways.facts.replies import SERVER_BYTES_MISSING, Missing
from bothways.facts.resets import RESET_MOMENT, Moment
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.stuck import STUCK_SIZE, Size
from bothways.facts.syn_repeats import SYN_REPEATS, SynAgain
from bothways.facts.too_big import TOO_BIG, Report
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

THEORY = Theory(
    id="mtu-black-hole",
    title="large packets vanish (MTU black hole)",
    claim="packets above a certain size vanish on the path and no ICMP error tells the sender",
    mend='let ICMP "fragmentation needed" and "packet too big" pass, or clamp the MSS at the narrow link',
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A}),
        expect(SERVER_ANSWER, {Sent.SYN_ACK: A}, rest=R),
        # The first one may have been lost on its way.
        expect(SYN_REPEATS, {SynAgain.NO: A, SynAgain.YES: R}),
        expect(SERVER_TOOK_ACK, {Took.TAKEN: A}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: R, Repeats.SEVERAL: R}),
        expect(CLIENT_DATA_ACKED, {Acked.NO: E, Acked.YES: E}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: E, Left.SERVER_DATA: E}),
        expect(SEEN_AT_SERVER, {Reached.BARE_ACK: E, Reached.ACK_ONLY: E, Reached.SOME_DATA: U, Reached.DATA: E}),
        expect(ACK_FATE, {AckFate.ARRIVES: A}),
        expect(PLACE_OF_LOSS, {Lost.AT_DEVICE: E, Lost.ON_PATH: U, Lost.ON_WAY_BACK: U}),
        expect(STUCK_SIZE, {Size.FULL: A, Size.SMALL: R}),
        expect(SIZE_CONTRAST, {Contrast.LARGE_LOST_SMALL_PASS: A, Contrast.SMALL_LOST_TOO: R}),
        # A sender that probes for the size sends what was lost in smaller pieces.
        expect(LOST_DATA, {Repaired.NONE: U, Repaired.SOME: E, Repaired.ALL: E}),
        # A balanced path may lead a ping around the narrow link.
        # Whoever is told of the narrow link by its router meets another one that is silent, or does not heed it.
        expect(MTU_STEPS, {Steps.NONE: E}, rest=U),
        expect(ECHO_SIZES, {Echoes.LARGE_SILENT: U}, rest=R),
        # What comes in and is passed over is as good as lost; behind a narrow link there may be a narrower one.
        expect(TOO_BIG, {Report.LOST: U, Report.IGNORED: U, Report.HEEDED: R}),
        # A quote that names the translator's address is passed over as one of another's packet.
        expect(
            ICMP_QUOTE,
            {Quoted.AS_SENT: U, Quoted.OTHER_ADDRESS: U, Quoted.OTHER_MSS: U, Quoted.OTHER_NUMBER: E},
            rest=R,
        ),
        expect(SERVER_BYTES_MISSING, {Missing.YES: U, Missing.NO: E}),
        expect(RESET_MOMENT, {Moment.NONE: A}, rest=R),
        expect(FIREWALL_STATE, {Remembered.REPLIED: U}, rest=R),
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
        # The narrow link may be on the way back, or behind the last router that answers.
        expect(PROBES_INSIDE, {Inside.LARGE_STOPS: U, Inside.ALL_PASS: U}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SERVER_SOCKET, {Held.TAKEN: U, Held.UNREAD: E}),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        proof((SIZE_CONTRAST, Contrast.LARGE_LOST_SMALL_PASS)),
        # Harmless bytes stop for their number alone, and what the connection waits for is as large. A filter of names
        # passes what holds none, lost state stops few bytes too, and loss spares no size.
        proof((PROBES_INSIDE, Inside.LARGE_STOPS), (STUCK_SIZE, Size.FULL)),
    ),
    ladder=Ladder(
        middle="narrow link",
        rungs=(
            there("SYN"),
            back("SYN+ACK", note="both ends offer the MSS of their own link"),
            there("ACK"),
            there("small data", note="taken and acknowledged"),
            back("full-sized", dropped=Upright.MIDDLE, note="too large; the ICMP error never arrives"),
            back("full-sized", dropped=Upright.MIDDLE, note="again and again; or the same on the way there"),
        ),
    ),
)
