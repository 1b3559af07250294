"""Observations that somebody would like to have.

What they would answer, who can make them, and the command that does.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS
from bothways.facts.age_at_death import AGE_AT_DEATH
from bothways.facts.answer_number import ANSWER_ACKNOWLEDGES, CLIENT_RESETS_ANSWER
from bothways.facts.answerer import ANSWERED_BY, SYN_ACK_WINDOW
from bothways.facts.answers import APPLICATION_ANSWER
from bothways.facts.challenge_ack import CHALLENGE_ACK
from bothways.facts.checksums import CHECKSUM_AT_SERVER
from bothways.facts.client_presence import CLIENT_PRESENCE
from bothways.facts.closing import WHO_CLOSED
from bothways.facts.comparison import SAME_ADDRESS_OTHERWISE, SAME_NAME_ELSEWHERE, SIBLINGS
from bothways.facts.contrast import SIZE_CONTRAST
from bothways.facts.distance import ROUTERS_EACH_WAY
from bothways.facts.echo_sizes import ECHO_SIZES
from bothways.facts.fact import Kind
from bothways.facts.fate_by_port import FATE_BY_PORT
from bothways.facts.firewall_rules import DROP_RULE, Dropped
from bothways.facts.firewall_state import FIREWALL_STATE
from bothways.facts.hops_left import HOPS_LEFT
from bothways.facts.host_counters import CLIENT_DISCARDS, LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, SERVER_DISCARDS
from bothways.facts.host_rules import CLIENT_RULE, SERVER_RULE
from bothways.facts.host_table import SERVER_TABLE
from bothways.facts.icmp_errors import ICMP_BACK, ICMP_SENDER, ICMP_THERE
from bothways.facts.last_answer import LAST_ANSWER
from bothways.facts.loops import LOOP, Circles
from bothways.facts.loss import LOSS_BACK, LOSS_THERE
from bothways.facts.one_way_routers import ONE_WAY_ROUTERS
from bothways.facts.opening import ANSWER_TO_SYN
from bothways.facts.opening_on_path import OPENING_ON_PATH
from bothways.facts.options_fate import OPTIONS_FATE
from bothways.facts.other_clients import OTHER_CLIENTS
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.probes_inside import PROBES_INSIDE
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER, Lost
from bothways.facts.receive_window import RECEIVE_WINDOW
from bothways.facts.repair import LOST_DATA
from bothways.facts.replies import SERVER_BYTES_MISSING, SERVER_WINDOW
from bothways.facts.reply_arrival import REPLY_AT_CLIENT, REPLY_RETURNED
from bothways.facts.reply_rules import REPLY_RULE, ReplyDrops
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Sender
from bothways.facts.rewriting import SACK_BLOCKS, SEQUENCE_REWRITTEN
from bothways.facts.server_answer import SERVER_ANSWER
from bothways.facts.side_by_side import LOST_BESIDE
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET
from bothways.facts.state_counters import INVALID_COUNTED, STATE_TABLE
from bothways.facts.stopped_by import STOPPED_BY
from bothways.facts.stuck import STUCK_CONTENT, STUCK_SIZE
from bothways.facts.syn_repeats import SYN_REPEATS
from bothways.facts.tuple_reuse import TUPLE_REUSE
from bothways.facts.way_beside_control import WAY_BESIDE_CONTROL
from bothways.facts.ways import FIREWALL_ON_WAYS, TRACE_THERE
from bothways.facts.window_arithmetic import WINDOW_ARITHMETIC
from bothways.facts.worked_before import WORKED_BEFORE

CLIENT = "client"
SERVER = "server's administrator"
FIREWALL = "firewall's administrator"


class Brings(StrEnum):
    """Evidence that an answer would add, or what evidence shows; who has it need not ask for it again."""

    CLIENT_CAPTURE = "client-capture"
    SERVER_CAPTURE = "server-capture"
    FIREWALL_CAPTURES = "firewall-captures"
    CLIENT_COUNTERS = "client-counters"
    SERVER_SOCKETS = "server-sockets"
    SESSIONS = "sessions"
    RULES = "rules"
    PATH_THERE = "path-there"
    PATH_BACK = "path-back"
    CONTROL_THERE = "control-there"
    """A control's way there that passes the stateful device."""
    CONTROL_BACK = "control-back"
    PINGS = "pings"
    PROBES = "probes"
    """Traces with packets inside a connection, with the addresses of the routers that answered."""
    ONLY_THERE = "only-there"
    """The stateful device stands on the reported way there, and is not seen on the reported way back."""
    ONLY_BACK = "only-back"


class Question(Struct, frozen=True, kw_only=True):
    """One observation to ask for."""

    id: str
    asks: str
    """The question, in plain words."""

    who: str
    """Who can make the observation: `CLIENT`, `SERVER`, `FIREWALL`."""

    command: str
    """What to run, with {client}, {server}, {port}, {name}, {family} and the like to fill in
    (`diagnosis/asking.py`)."""

    answers: tuple[Kind, ...]
    """Kinds of facts that it can answer."""

    never_tells: frozenset[StrEnum] = frozenset()
    """Answers to these that only somebody who stands elsewhere can have seen, and that alone it cannot bring."""

    answers_with: Mapping[Brings, tuple[Kind, ...]] = field(default_factory=dict)
    """Kinds that it can answer where certain other evidence is there."""

    reopens: frozenset[StrEnum] = frozenset()
    """Answers that are not final while what it asks for is missing."""

    joins: bool = False
    """It takes no longer than an attempt: what one person can do in one sitting is asked for together."""

    after: frozenset[Brings] = frozenset()
    """Asked only where this evidence is there; another question asks for it and for this at once."""

    brings: frozenset[Brings] = frozenset()
    """Evidence that it would add; asked for only while some of it is missing."""

    cost: float
    """How much harder than a command on one's own machine: 1 for that, more where another administrator must act."""

    def __hash__(self) -> int:
        """No two questions share an id."""
        return hash(self.id)


BEGIN = "begin an attempt at once; SYN+ACKs are repeated after 1, 3, 7, 15 and 31 s"
"""Why a capture runs as long as it does: RFC 6298 section 2 has the first wait at 1 s and each further one twice as
long, and Linux repeats a SYN+ACK five times (net.ipv4.tcp_synack_retries)."""


def capture(interface: str, vantage: str, packets: str) -> str:
    """The command that captures at *vantage* what the filter to be filled in as *packets* keeps.

    It ends by itself, after {seconds}, or after as many packets as {most}.
    """
    return f"timeout {{seconds}} tcpdump -ni {interface} -s 0 -c {{most}} -w {vantage}.pcap '{{{packets}}}'"


_BETWEEN_TWO = (SIZE_CONTRAST, PLACE_OF_LOSS, LOSS_THERE, LOSS_BACK, SEQUENCE_REWRITTEN, SACK_BLOCKS)
"""What shows only between two captures, so that a second one tells whatever the first one was."""

QUESTIONS: tuple[Question, ...] = (
    Question(
        id="client-capture",
        joins=True,
        brings=frozenset({Brings.CLIENT_CAPTURE}),
        asks="What does the client's own network card send and receive?",
        who=CLIENT,
        command=f"{capture('any', 'client', 'at_client')}   # {BEGIN}",
        answers=(
            ANSWER_TO_SYN,
            SYN_REPEATS,
            REPLY_AT_CLIENT,
            ICMP_THERE,
            ICMP_SENDER,
            SERVER_TOOK_ACK,
            SYN_ACK_REPEATS,
            CLIENT_DATA_ACKED,
            STUCK_SIZE,
            STUCK_CONTENT,
            RESET_MOMENT,
            SERVER_BYTES_MISSING,
            SERVER_WINDOW,
            RECEIVE_WINDOW,
            OUTSTANDING,
            WORKED_BEFORE,
            AGE_AT_DEATH,
            CHALLENGE_ACK,
            TUPLE_REUSE,
            APPLICATION_ANSWER,
            CLIENT_PRESENCE,
            SYN_ACK_WINDOW,
            ANSWER_ACKNOWLEDGES,
            CLIENT_RESETS_ANSWER,
            WINDOW_ARITHMETIC,
            ROUTERS_EACH_WAY,
        ),
        answers_with={Brings.SERVER_CAPTURE: _BETWEEN_TWO, Brings.FIREWALL_CAPTURES: _BETWEEN_TWO},
        never_tells=frozenset({Lost.AT_DEVICE}),
        cost=1.0,
    ),
    Question(
        id="probe",
        asks="How far do the connection's own packets come?",
        who=CLIENT,
        command="sudo bothways check {checked} --save check.zip   # on {client}",
        answers=(PROBES_INSIDE, STOPPED_BY),
        # It makes attempts of its own, and captures them: a sitting of its own.
        brings=frozenset({Brings.PROBES}),
        cost=1.0,
    ),
    Question(
        id="server-capture",
        joins=True,
        brings=frozenset({Brings.SERVER_CAPTURE}),
        asks="Do the client's ACK and data reach the server's own network card?",
        who=SERVER,
        command=f"{capture('any', 'server', 'at_server')}   # {BEGIN}{{translated}}",
        answers=(
            SEEN_AT_SERVER,
            SERVER_ANSWER,
            REPLY_RETURNED,
            ACK_FATE,
            PLACE_OF_LOSS,
            RESET_SENDER,
            SIZE_CONTRAST,
            CHECKSUM_AT_SERVER,
            ICMP_BACK,
            LOSS_THERE,
            LOSS_BACK,
            LOST_DATA,
            LOST_BESIDE,
            WHO_CLOSED,
            ANSWERED_BY,
            SEQUENCE_REWRITTEN,
            SACK_BLOCKS,
            WINDOW_ARITHMETIC,
            ROUTERS_EACH_WAY,
        ),
        never_tells=frozenset({Lost.AT_DEVICE}),
        cost=2.0,
    ),
    Question(
        id="server-sockets",
        asks="How do the server's own sockets hold the connection, and is the accept queue of its port full?",
        who=SERVER,
        command="ss -ltnm 'sport = :{port}' > server.ss-listening.txt; ss -tnoi state connected 'sport = :{port}' "
        "> server.ss.txt; nstat -az > server.nstat.txt   # while an attempt from {client} hangs",
        answers=(SERVER_SOCKET, ACCEPT_QUEUE, LISTEN_OVERFLOWS, SERVER_DISCARDS),
        joins=True,
        brings=frozenset({Brings.SERVER_SOCKETS}),
        cost=2.0,
    ),
    Question(
        id="server-rules",
        asks="Which rule of the server's own packet filter counts more during one more attempt?",
        who=SERVER,
        command="nft list ruleset > server.nft.txt   # on the server, after an attempt from {client} to port {port}",
        answers=(SERVER_RULE,),
        joins=True,
        cost=2.0,
    ),
    Question(
        id="client-counters",
        asks="Does the client's own kernel discard what comes in?",
        who=CLIENT,
        command="nstat -az >> client.nstat.txt   # before and after one attempt to reach {server} port {port}",
        answers=(CLIENT_DISCARDS, REPEATS_AT_CLIENT),
        joins=True,
        brings=frozenset({Brings.CLIENT_COUNTERS}),
        cost=1.0,
    ),
    Question(
        id="client-rules",
        asks="Which rule of the client's own packet filter counts more during one more attempt?",
        who=CLIENT,
        command="nft list ruleset > client.nft.txt   # after an attempt to reach {server} port {port}",
        answers=(CLIENT_RULE,),
        joins=True,
        cost=1.0,
    ),
    Question(
        id="firewall-state",
        asks="Did the firewall see the server's reply to this connection?",
        who=FIREWALL,
        command="conntrack -L -p tcp --orig-dst {server} --dport {port} > firewall.conntrack-list.txt; "
        "conntrack -S > firewall.conntrack-stats.txt   # while an attempt from {client} hangs",
        answers=(FIREWALL_STATE, INVALID_COUNTED),
        joins=True,
        brings=frozenset({Brings.SESSIONS}),
        cost=2.0,
    ),
    Question(
        id="firewall-captures",
        asks="Which packets enter the firewall, and which of them leave it on the other side?",
        who=FIREWALL,
        command=f"{capture('INSIDE', 'firewall-inside', 'at_firewall')} & "
        f"{capture('OUTSIDE', 'firewall-outside', 'at_firewall')}   # INSIDE, OUTSIDE: its interfaces towards the "
        f"client and the server; {BEGIN}",
        answers=(ACK_FATE, OPENING_ON_PATH, PLACE_OF_LOSS, RESET_SENDER, HOPS_LEFT),
        never_tells=frozenset({Lost.AT_SERVER, Sender.SERVER}),
        # Captures of both ends leave open which device on the path it is.
        reopens=frozenset({Lost.ON_PATH}),
        joins=True,
        brings=frozenset({Brings.FIREWALL_CAPTURES}),
        cost=2.0,
    ),
    Question(
        id="server-table",
        asks="Was there room in the table of connections of the server's own host?",
        who=SERVER,
        command=(
            "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max > server.conntrack-size.txt"
            "   # on the server, while an attempt from {client} hangs"
        ),
        answers=(SERVER_TABLE,),
        cost=2.0,
    ),
    Question(
        id="firewall-table",
        asks="Was there room in the firewall's table of connections?",
        who=FIREWALL,
        command=(
            "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; conntrack -S; "
            "dmesg | grep 'table full'   # during an attempt from {client} to {server}"
        ),
        answers=(STATE_TABLE,),
        joins=True,
        cost=2.0,
    ),
    Question(
        id="firewall-rules",
        asks="Which rule's counter rises during one more attempt, at the firewall and at each filter on either way?",
        who=FIREWALL,
        command="nft list ruleset >> firewall.nft.txt   # before and after one from {client} to {server} port {port}; "
        "so at each router that filters, and into a file with its name",
        answers=(DROP_RULE, REPLY_RULE),
        joins=True,
        brings=frozenset({Brings.RULES}),
        cost=2.0,
    ),
    Question(
        id="rules-elsewhere",
        asks="Which rule's counter rises during one more attempt at the other filters on either way?",
        who=FIREWALL,
        command="nft list ruleset >> ROUTER.nft.txt   # before and after one from {client} to {server} port {port}, at "
        "each router that filters, into a file with its name",
        answers=(DROP_RULE, REPLY_RULE),
        # One filter that drops nothing says nothing of the next one.
        reopens=frozenset({Dropped.NONE, Dropped.INVALID_ONLY, ReplyDrops.NONE}),
        after=frozenset({Brings.RULES}),
        joins=True,
        cost=2.0,
    ),
    Question(
        id="another-client",
        asks="Does another client of the same network reach the same address and port on the same way?",
        who=CLIENT,
        command="curl -vk -m 10 {scheme}://{server_in_url}:{port}/ -o /dev/null   "
        "# on {client} and on another client of its network, both passing one capture",
        answers=(OTHER_CLIENTS,),
        cost=1.0,
    ),
    Question(
        id="same-ports",
        asks="Do the same source ports fail each time, and others never?",
        who="client",
        command="for round in 1 2; do for p in $(seq 42001 42012); do curl -vk -m 10 --local-port $p "
        "{scheme}://{server_in_url}:{port}/ -o /dev/null; done; done   # while a capture runs",
        answers=(FATE_BY_PORT,),
        cost=1.0,
    ),
    Question(
        id="path-there",
        asks="Which hops does the way there take, where does it end, and does it go in circles?",
        who=CLIENT,
        command="mtr -{family} -rwbc 5 {server} > outbound.mtr.txt; traceroute -{family} -T -p {port} {server} "
        "> outbound.tcp-traceroute.txt   # and as control-outbound.mtr.txt to a server that works",
        answers=(TRACE_THERE, LAST_ANSWER, LOOP, WAY_BESIDE_CONTROL),
        # Which ways pass a firewall it tells only where it is known which hop is one.
        answers_with={Brings.PATH_BACK: (ONE_WAY_ROUTERS,)},
        brings=frozenset({Brings.PATH_THERE}),
        joins=True,
        cost=1.0,
    ),
    Question(
        id="path-back",
        asks="Which hops does the way back take, and is the firewall one of them?",
        who=SERVER,
        command="mtr -{family} -rwc 10 {client} > inbound.mtr.txt   # and as control-inbound.mtr.txt from a server "
        "that works",
        answers=(FIREWALL_ON_WAYS, ONE_WAY_ROUTERS, LOOP),
        # No circle on the way there says nothing of the way back.
        reopens=frozenset({Circles.NONE}),
        brings=frozenset({Brings.PATH_BACK}),
        joins=True,
        cost=4.0,  # it takes two reports, and a control, before an absence is proven
    ),
    Question(
        id="control-path-back",
        asks="Would the firewall answer on the way back, as it must where connections work?",
        who=SERVER,
        command="mtr -{family} -rwbc 10 {client} > control-inbound.mtr.txt   # on a server that {client} does reach "
        "through the firewall; or on {server} itself, to an address near {client} that it is reached from",
        answers=(FIREWALL_ON_WAYS,),
        after=frozenset({Brings.ONLY_THERE}),
        brings=frozenset({Brings.CONTROL_BACK}),
        joins=True,
        cost=2.0,
    ),
    Question(
        id="control-path-there",
        asks="Would the firewall answer on the way there, as it must where connections work?",
        who=CLIENT,
        command="mtr -{family} -rwbc 10 CONTROL > control-outbound.mtr.txt   # CONTROL: a server that {client} does "
        "reach through the firewall",
        answers=(FIREWALL_ON_WAYS,),
        after=frozenset({Brings.ONLY_BACK}),
        brings=frozenset({Brings.CONTROL_THERE}),
        joins=True,
        cost=1.0,
    ),
    Question(
        id="sizes",
        asks="Do small packets pass where large ones die?",
        who=CLIENT,
        command='for s in {full_ping} 500; do echo "$ ping -M do -s $s"; ping -{family} -M do -c 5 -s $s {server}; '
        "done > outbound.ping.txt 2>&1",
        answers=(ECHO_SIZES,),
        joins=True,
        brings=frozenset({Brings.PINGS}),
        cost=1.0,
    ),
    Question(
        id="same-name-elsewhere",
        asks="Does the same name work at another address?",
        who=CLIENT,
        command="curl -v --connect-timeout 10 --resolve {name}:{port}:ANOTHER_ADDRESS {scheme}://{name}:{port}/ "
        "2>> curl.log",
        answers=(SAME_NAME_ELSEWHERE,),
        joins=True,
        cost=1.0,
    ),
    Question(
        id="same-address-otherwise",
        asks="Does the same address work on another port or under another name?",
        who=CLIENT,
        command="curl -vk --connect-timeout 10 {other_scheme}://{server_in_url}/ 2>> curl.log",
        answers=(SAME_ADDRESS_OTHERWISE,),
        joins=True,
        cost=1.0,
    ),
    Question(
        id="without-option",
        asks="Is a SYN without timestamps and ECN answered, where one with them is not?",
        who=CLIENT,
        command=(
            "old=$(sysctl net.ipv4.tcp_timestamps net.ipv4.tcp_ecn | tr -d ' '); for i in 1 2; do "
            "sysctl -w net.ipv4.tcp_timestamps=0 net.ipv4.tcp_ecn=0; "
            "curl -vk -m 10 {scheme}://{server_in_url}:{port}/ -o /dev/null; "
            "sysctl -w $old; curl -vk -m 10 {scheme}://{server_in_url}:{port}/ -o /dev/null; done   "
            "# under tcpdump -ni any -s 0 -w client.pcap 'host {server} and tcp port {port}'"
        ),
        answers=(OPTIONS_FATE,),
        cost=1.0,
    ),
    Question(
        id="more-attempts",
        asks="Do all connections to this port fail, or only some?",
        who=CLIENT,
        command="for i in 1 2 3 4 5; do curl -vk -m 10 {scheme}://{server_in_url}:{port}/ -o /dev/null; done "
        "2>> curl.log",
        answers=(SIBLINGS,),
        joins=True,
        cost=1.0,
    ),
)
