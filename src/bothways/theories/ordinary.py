"""What connections show that fail for any other reason: how a theory expects the kinds that it says nothing about.

A counter that rose, a device that rewrites: such an observation is out of the ordinary, and a theory that does not
account for it has to explain it by chance. So it speaks for the theories that do account for it, and against all
others. What *is* ordinary speaks for nobody. Only kinds with an answer out of the ordinary stand here; of all others a
theory that does not care finds every answer equally likely. Nothing here is `never`: chance explains anything, rarely.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bothways.facts.answer_number import ANSWER_ACKNOWLEDGES, CLIENT_RESETS_ANSWER, Acknowledges, Resets
from bothways.facts.answerer import ANSWERED_BY, SYN_ACK_WINDOW, Answerer, Offered
from bothways.facts.answers import APPLICATION_ANSWER, Spoken
from bothways.facts.challenge_ack import CHALLENGE_ACK, Challenge
from bothways.facts.checksums import CHECKSUM_AT_SERVER, Sums
from bothways.facts.client_presence import CLIENT_PRESENCE, Presence
from bothways.facts.closing import WHO_CLOSED, Closed
from bothways.facts.echo_sizes import ECHO_SIZES, Echoes
from bothways.facts.fact import Kind
from bothways.facts.fate_by_family import FATE_BY_FAMILY, Families
from bothways.facts.fate_by_port import FATE_BY_PORT, ByPort
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE, Remembered
from bothways.facts.hops_left import HOPS_LEFT, Hops
from bothways.facts.host_counters import CLIENT_DISCARDS, SERVER_DISCARDS, Discarded
from bothways.facts.host_rules import CLIENT_RULE, SERVER_RULE, HostDrops
from bothways.facts.host_table import SERVER_TABLE
from bothways.facts.icmp_errors import ICMP_BACK, ICMP_THERE, Said
from bothways.facts.icmp_quote import ICMP_QUOTE, Quoted
from bothways.facts.last_answer import LAST_ANSWER, Farther
from bothways.facts.loops import LOOP, Circles
from bothways.facts.loss import LOSS_BACK, LOSS_THERE, Pattern
from bothways.facts.mtu_steps import MTU_STEPS, Steps
from bothways.facts.opening_on_path import OPENING_ON_PATH, Passes
from bothways.facts.options_fate import OPTIONS_FATE, Fate
from bothways.facts.probes_inside import PROBES_INSIDE, Inside
from bothways.facts.receive_window import RECEIVE_WINDOW
from bothways.facts.receive_window import Room as Window
from bothways.facts.reply_arrival import REPLY_RETURNED, Returned
from bothways.facts.reply_router import REPLY_ROUTER, Router
from bothways.facts.reply_rules import REPLY_RULE, ReplyDrops
from bothways.facts.rewriting import SACK_BLOCKS, SEQUENCE_REWRITTEN, Blocks, Sequence
from bothways.facts.state_counters import STATE_TABLE, Room
from bothways.facts.timestamps import TIMESTAMPS, Stamps
from bothways.facts.too_big import TOO_BIG, Report
from bothways.facts.tuple_reuse import TUPLE_REUSE, Reuse
from bothways.facts.window_arithmetic import WINDOW_ARITHMETIC, Beyond
from bothways.theories.theory import Expect, Expectation, expect

A, U, E, R = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY

_ORDINARY = (
    # Hosts count next to none of these: one that does is telling, whichever of the four it is.
    expect(SERVER_DISCARDS, {Discarded.NOTHING: A}, rest=R),
    expect(CLIENT_DISCARDS, {Discarded.NOTHING: A}, rest=R),
    expect(SERVER_RULE, {HostDrops.NONE: U}, rest=R),
    expect(CLIENT_RULE, {HostDrops.NONE: U}, rest=R),
    expect(CHECKSUM_AT_SERVER, {Sums.GOOD: U}, rest=R),
    # A rule that counts the very replies of this server is no everyday sight.
    expect(REPLY_RULE, {ReplyDrops.NONE: A}, rest=R),
    expect(REPLY_RETURNED, {Returned.NO: U}, rest=R),
    # Two routers on a segment are no fault.
    expect(REPLY_ROUTER, {Router.SAME: U, Router.ANOTHER_ALWAYS: U}, rest=E),
    expect(ANSWERED_BY, {Answerer.SERVER: U}, rest=R),
    expect(SYN_ACK_WINDOW, {Offered.OPEN: U}, rest=R),
    expect(ANSWER_ACKNOWLEDGES, {Acknowledges.THE_SYN: A}, rest=R),
    expect(CLIENT_RESETS_ANSWER, {Resets.NO: A}, rest=R),
    expect(OPTIONS_FATE, {Fate.INDIFFERENT: U}, rest=R),
    expect(WINDOW_ARITHMETIC, {Beyond.WITHIN: U}, rest=R),
    expect(SEQUENCE_REWRITTEN, {Sequence.ONE_WAY: R}, rest=U),
    expect(SACK_BLOCKS, {Blocks.CONSISTENT: U}, rest=R),
    expect(ICMP_THERE, {Said.NONE: U}, rest=R),
    expect(ICMP_BACK, {Said.NONE: U}, rest=R),
    # Clamping is everyday business, and so is a firewall that hides sequence numbers.
    expect(
        ICMP_QUOTE, {Quoted.AS_SENT: U, Quoted.OTHER_MSS: U, Quoted.OTHER_NUMBER: E, Quoted.OTHER_ADDRESS: E}, rest=R
    ),
    # The other family takes other routes and filters; at its end answers the same program.
    expect(FATE_BY_FAMILY, {Families.ONLY_THIS: U}, rest=E),
    # Every working path with a narrow link shows it.
    expect(TOO_BIG, {Report.HEEDED: U}, rest=R),
    expect(FATE_BY_PORT, {ByPort.SAME_PORTS: R}, rest=U),
    expect(LOSS_THERE, {Pattern.RANDOM: R, Pattern.BY_CONNECTION: R}, rest=U),
    expect(LOSS_BACK, {Pattern.RANDOM: R, Pattern.BY_CONNECTION: R}, rest=U),
    # Narrow links that say so are common, and so are filters that drop large pings and nothing else.
    expect(ECHO_SIZES, {Echoes.LARGE_RETURN: A, Echoes.LARGE_TOLD: E, Echoes.LARGE_SILENT: E}),
    expect(LOOP, {Circles.NONE: A}, rest=R),
    expect(HOPS_LEFT, {Hops.SOME_LEFT: A}, rest=R),
    # A rule that counts this very target is out of the ordinary; strays make the rule against invalid packets count.
    expect(DROP_RULE, {Dropped.NONE: U, Dropped.INVALID_ONLY: E}, rest=R),
    # Tables are made to hold many times what they do hold.
    expect(STATE_TABLE, {Room.FREE: A}, rest=R),
    expect(SERVER_TABLE, {Room.FREE: A}, rest=R),
    expect(CHALLENGE_ACK, {Challenge.NONE: U}, rest=R),
    expect(TUPLE_REUSE, {Reuse.FRESH: U, Reuse.CLOSED: E}, rest=R),
    # Of a connection that fails for any other reason the firewall may have seen anything but that.
    expect(FIREWALL_STATE, {Remembered.REPLIED: U, Remembered.UNREPLIED: E, Remembered.NO_ENTRY: E}, rest=R),
    # The Internet is asymmetric, networks around firewalls are not meant to be.
    expect(OPENING_ON_PATH, {Passes.BOTH: U, Passes.SYN_ONLY: E}, rest=R),
    # What reaches the server's host, or is lost on the way back, was stopped by nobody on the way there.
    expect(PROBES_INSIDE, {Inside.ALL_PASS: A}, rest=R),
    # Servers' sites filter pings and datagrams; strict firewalls stop ACKs that belong to no connection.
    expect(LAST_ANSWER, {Farther.ALIKE: U, Farther.OTHERS_STOP: U}, rest=E),
    # Tunnels are common, and mostly heeded.
    expect(MTU_STEPS, {Steps.NONE: U}, rest=E),
    expect(APPLICATION_ANSWER, {Spoken.ORDINARY: U, Spoken.NOTHING: U}, rest=R),
    expect(WHO_CLOSED, {Closed.SERVER_PROGRAM: R}, rest=U),
    expect(RECEIVE_WINDOW, {Window.OPEN: A}, rest=R),
    expect(TIMESTAMPS, {Stamps.OK: U}, rest=R),
    expect(CLIENT_PRESENCE, {Presence.GOES_ON: U, Presence.ALIVE: U, Presence.ONLY_SYNS: U}, rest=R),
)

ORDINARY: Mapping[Kind, Expectation] = MappingProxyType({expectation.kind: expectation for expectation in _ORDINARY})
