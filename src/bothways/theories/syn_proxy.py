"""syn-proxy: a device answers the handshake in the server's name, and cannot reach the server behind it.

What happens
    A SYN proxy, load balancer or scrubber completes the handshake with the client itself, as protection against
    floods. Only then does it open a connection to the server. That server is dead, cut off from the proxy or ignores
    it; the client holds its connection for made and waits for nothing.

What it leaves behind
    Client: a SYN+ACK, often with a window of 0 and other options than the server's own, often with a TTL that says it
    came from nearer; it is not repeated. The client acknowledges it, then probes the closed window without an answer,
    or sends data that nobody acknowledges. Server: nothing of the connection at all, or SYNs in the client's name with
    the proxy's TTL that it does not answer; never a SYN+ACK of its own. Firewall: a connection with packets both ways,
    and nothing more from the server's side after the SYN+ACK. Paths: TCP SYN traces reach the server's address, at the
    proxy's distance; ICMP traces go on to the server or end before it.

What would refute it
    A SYN+ACK that the server itself sent, in its own capture. Data of the server.

What tells it from its neighbours
    In asymmetric routing and under a rule against established packets the server's own capture shows the SYN+ACK, and
    repeats of it. A server that ignores SYNs lets the client's SYN go unanswered. A receiver that closes its window
    took the connection first, and answers probes.

What to ask next
    A capture at the server beside one at the client: who sent the SYN+ACK? The health of the server behind the proxy
    as the proxy sees it (its pool members, its health checks).

What to change
    Bring the server back, or its path from the proxy; let the proxy stop answering for servers that fail its health
    checks. Verify: the server's own capture shows the SYN+ACK of a new connection, and data comes back.

A safe workaround
    Reach the server by an address that does not pass the proxy, if there is one. Risk: that address has no protection
    against floods; keep it private.

References:
    RFC 4987 section 3.6 (SYN cookies), section 3.7 (firewalls and proxies); RFC 9293 section 3.8.6.1 (zero-window
    probing); Linux net/netfilter/nf_synproxy_core.c (window 0 until the server answers); nft(8), synproxy.
"""

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS, Acked, Repeats, Took
from bothways.facts.answer_number import ANSWER_ACKNOWLEDGES, Acknowledges
from bothways.facts.answerer import ANSWERED_BY, ANSWERED_FROM, SYN_ACK_WINDOW, Answerer, From, Offered
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, Fares
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.health import HEALTH, Health
from bothways.facts.host_counters import LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, Counted
from bothways.facts.host_rules import SERVER_RULE, HostDrops
from bothways.facts.icmp_quote import ICMP_QUOTE, Quoted
from bothways.facts.loss import LOSS_THERE, Pattern
from bothways.facts.opening import ANSWER_TO_SYN, Answer
from bothways.facts.outstanding import OUTSTANDING, Left
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, AckFate, Lost, Reached
from bothways.facts.receive_window import RECEIVE_WINDOW, Room
from bothways.facts.replies import SERVER_SENT_PAYLOAD, SERVER_WINDOW, Payload, Window
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment, Sender
from bothways.facts.server_answer import SERVER_ANSWER, Sent
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET, Held, Queue
from bothways.facts.ways import TRACE_THERE, Trace
from bothways.theories.ladder import Ladder, Upright, back, there, to_middle
from bothways.theories.theory import Expect, Theory, expect, proof

A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

THEORY = Theory(
    id="syn-proxy",
    title="a SYN proxy answers for a server that it cannot reach",
    claim="a device before the server answers the handshake in its name, and the server behind it does not answer",
    mend="bring the server behind the proxy back, or its path from there",
    expects=(
        expect(HEALTH, {Health.FAILED: A}),
        # Beyond the proxy its own SYN shows, which a server that is not there for it leaves without an answer.
        expect(ANSWER_TO_SYN, {Answer.SYN_ACK: A, Answer.NOTHING: R}),
        # A full proxy, unlike Linux's, takes data before it knows that nobody wants it.
        expect(SERVER_ANSWER, {Sent.NOTHING: E, Sent.SYN_ACK: E}, rest=R),
        expect(SERVER_TOOK_ACK, {Took.NOT_TAKEN: U, Took.TAKEN: E}),
        expect(SYN_ACK_REPEATS, {Repeats.NONE: U, Repeats.ONE: E, Repeats.SEVERAL: R}),
        expect(CLIENT_DATA_ACKED, {Acked.NO: A, Acked.YES: E}),
        expect(SERVER_SENT_PAYLOAD, {Payload.NO: A, Payload.YES: R}),
        expect(OUTSTANDING, {Left.CLIENT_DATA: A, Left.NOTHING: E, Left.SERVER_DATA: R}),
        expect(SEEN_AT_SERVER, {Reached.NOTHING: U, Reached.SYN: U}, rest=R),
        expect(ACK_FATE, {AckFate.LOST: U, AckFate.ARRIVES: R}),
        expect(PLACE_OF_LOSS, {Lost.ON_PATH: U, Lost.AT_DEVICE: E, Lost.AT_SERVER: E, Lost.ON_WAY_BACK: R}),
        expect(RESET_MOMENT, {Moment.NONE: U, Moment.AFTER_ACK: E, Moment.AFTER_DATA: E}, rest=R),
        expect(RESET_SENDER, {Sender.NOT_SERVER: U, Sender.SERVER: E}),
        # Some hold the client off until their backend answers.
        expect(RECEIVE_WINDOW, {Room.OPEN: U, Room.SERVER_CLOSED: E}, rest=R),
        expect(SERVER_WINDOW, {Window.CLOSED: U, Window.OPEN: E}),
        # A rule may be what cuts the server off, behind the proxy or on the server's own host. That of invalid packets
        # belongs to every ruleset with a SYN proxy (iptables-extensions(8), SYNPROXY).
        expect(DROP_RULE, {Dropped.NONE: U, Dropped.DESTINATION: U, Dropped.INVALID_ONLY: E}, rest=R),
        expect(SERVER_RULE, {HostDrops.NONE: U, HostDrops.OPENING: U}, rest=R),
        # The reply of a server that did answer may be lost on its way to the proxy.
        expect(ANSWERED_BY, {Answerer.ANOTHER: A, Answerer.SERVER: R}),
        # What cannot be delivered may be a SYN of the proxy's own, in the client's name.
        expect(ICMP_QUOTE, dict.fromkeys(Quoted, E)),
        expect(SYN_ACK_WINDOW, {Offered.ZERO: U, Offered.OPEN: E}),
        expect(ANSWERED_FROM, {From.NEARER: U, From.SAME: E, From.FARTHER: R}),
        expect(ANSWER_ACKNOWLEDGES, {Acknowledges.THE_SYN: A}, rest=R),
        expect(TRACE_THERE, {Trace.REACHES: U, Trace.STOPS: E}),
        expect(SAME_NAME_ELSEWHERE, {Fares.WORKS: U, Fares.FAILS_ALIKE: E}),
        expect(SAME_ADDRESS_OTHERWISE, {Fares.FAILS_ALIKE: U, Fares.WORKS: U}),
        expect(SERVER_SOCKET, {Held.HALF_OPEN: U}, rest=R),
        # The port with a living server loses nothing.
        expect(LOSS_THERE, {Pattern.BY_CONNECTION: U, Pattern.ALL: U, Pattern.ONE_CLASS: E, Pattern.NONE: E}, rest=R),
        expect(ACCEPT_QUEUE, {Queue.ROOM: A, Queue.HAS_DROPPED: E}, rest=R),
        expect(LISTEN_OVERFLOWS, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
        expect(REPEATS_AT_CLIENT, {Counted.NONE: U, Counted.COUNTED: E, Counted.RISEN: R}),
    ),
    proofs=(
        # A living server behind such a proxy would have answered it, in its own capture.
        proof((ANSWERED_BY, Answerer.ANOTHER), (SYN_ACK_WINDOW, Offered.ZERO)),
        proof((ANSWERED_BY, Answerer.ANOTHER), (SEEN_AT_SERVER, Reached.SYN)),
    ),
    ladder=Ladder(
        middle="SYN proxy",
        rungs=(
            to_middle("SYN"),
            back("SYN+ACK (window 0)", start=Upright.MIDDLE, note="in the server's name"),
            to_middle("ACK"),
            there("SYN", start=Upright.MIDDLE, dropped=Upright.SERVER, note="in the client's name; not answered"),
            to_middle("window probe", note="again and again, ever more slowly"),
        ),
    ),
)
