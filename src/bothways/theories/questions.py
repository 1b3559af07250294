"""Observations that somebody would like to have.

What they would answer, who can make them, and the command that does.
"""

from dataclasses import dataclass

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
from bothways.facts.fact import Kind
from bothways.facts.fate_by_port import FATE_BY_PORT
from bothways.facts.firewall_rules import DROP_RULE
from bothways.facts.firewall_state import FIREWALL_STATE
from bothways.facts.host_counters import CLIENT_DISCARDS, LISTEN_OVERFLOWS, REPEATS_AT_CLIENT, SERVER_DISCARDS
from bothways.facts.host_rules import CLIENT_RULE, SERVER_RULE
from bothways.facts.icmp_errors import ICMP_BACK, ICMP_SENDER, ICMP_THERE
from bothways.facts.loops import LOOP
from bothways.facts.loss import LOSS_BACK, LOSS_THERE
from bothways.facts.one_way_routers import ONE_WAY_ROUTERS
from bothways.facts.opening import ANSWER_TO_SYN
from bothways.facts.opening_on_path import OPENING_ON_PATH
from bothways.facts.options_fate import OPTIONS_FATE
from bothways.facts.other_clients import OTHER_CLIENTS
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER
from bothways.facts.receive_window import RECEIVE_WINDOW
from bothways.facts.replies import SERVER_BYTES_MISSING, SERVER_WINDOW
from bothways.facts.reply_arrival import REPLY_AT_CLIENT, REPLY_RETURNED
from bothways.facts.reply_rules import REPLY_RULE
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER
from bothways.facts.rewriting import SEQUENCE_REWRITTEN
from bothways.facts.server_answer import SERVER_ANSWER
from bothways.facts.sockets import ACCEPT_QUEUE, SERVER_SOCKET
from bothways.facts.state_counters import STATE_TABLE
from bothways.facts.stuck import STUCK_CONTENT, STUCK_SIZE
from bothways.facts.syn_repeats import SYN_REPEATS
from bothways.facts.tuple_reuse import TUPLE_REUSE
from bothways.facts.ways import FIREWALL_ON_WAYS, TRACE_THERE
from bothways.facts.window_arithmetic import WINDOW_ARITHMETIC
from bothways.facts.worked_before import WORKED_BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One observation to ask for."""

    id: str
    asks: str
    """The question, in plain words."""

    who: str
    """Who can make the observation: `client`, `server's administrator`, `firewall's administrator`."""

    command: str
    """What to run, with {client}, {server}, {port}, {name}, {family} and the like to fill in
    (`diagnosis/target.py`)."""

    answers: tuple[Kind, ...]
    """Kinds of facts that it can answer."""

    at: str | None = None
    """The vantage whose capture it would be: pointless to ask for if there is one."""

    cost: float
    """How much harder than a command on one's own machine: 1 for that, more where another administrator must act."""


QUESTIONS: tuple[Question, ...] = (
    Question(
        id="client-capture",
        at="client",
        asks="What does the client's own network card send and receive?",
        who="client",
        command="tcpdump -ni any -s 0 -w client.pcap 'host {server} and (tcp port {port} or icmp or icmp6)'",
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
        ),
        cost=1.0,
    ),
    Question(
        id="server-capture",
        at="server",
        asks="Do the client's ACK and data reach the server's own network card?",
        who="server's administrator",
        command="tcpdump -ni any -s 0 -w server.pcap 'host {client} and (tcp port {port} or icmp or icmp6)'",
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
            WHO_CLOSED,
            ANSWERED_BY,
            SEQUENCE_REWRITTEN,
            WINDOW_ARITHMETIC,
        ),
        cost=2.0,
    ),
    Question(
        id="server-sockets",
        asks="How do the server's own sockets hold the connection, and is the accept queue of its port full?",
        who="server's administrator",
        command="ss -ltnm 'sport = :{port}'; ss -tnoi state connected 'dst {client}'; nstat -az   # during an attempt",
        answers=(SERVER_SOCKET, ACCEPT_QUEUE, LISTEN_OVERFLOWS, SERVER_DISCARDS),
        cost=2.0,
    ),
    Question(
        id="server-rules",
        asks="Which rule of the server's own packet filter counts more during one more attempt?",
        who="server's administrator",
        command="nft list ruleset > server.nft.txt   # on the server, after an attempt from {client} to port {port}",
        answers=(SERVER_RULE,),
        cost=2.0,
    ),
    Question(
        id="client-counters",
        asks="Does the client's own kernel discard what comes in?",
        who="client",
        command="nstat -az >> client.nstat.txt   # before and after one attempt to reach {server} port {port}",
        answers=(CLIENT_DISCARDS, REPEATS_AT_CLIENT),
        cost=1.0,
    ),
    Question(
        id="client-rules",
        asks="Which rule of the client's own packet filter counts more during one more attempt?",
        who="client",
        command="nft list ruleset > client.nft.txt   # after an attempt to reach {server} port {port}",
        answers=(CLIENT_RULE,),
        cost=1.0,
    ),
    Question(
        id="firewall-state",
        asks="Did the firewall see the server's reply to this connection?",
        who="firewall's administrator",
        command="conntrack -L -p tcp --orig-src {client} --orig-dst {server} --dport {port}   # during an attempt",
        answers=(FIREWALL_STATE,),
        cost=2.0,
    ),
    Question(
        id="firewall-captures",
        asks="Which packets of the connection enter the firewall, and which leave it?",
        who="firewall's administrator",
        command=(
            "for side in INSIDE OUTSIDE; do tcpdump -ni $side -s 0 -w firewall-$side.pcap "
            "'host {server} and (tcp port {port} or icmp or icmp6)' & done   # on each firewall of either way"
        ),
        answers=(OPENING_ON_PATH, PLACE_OF_LOSS),
        cost=3.0,
    ),
    Question(
        id="firewall-table",
        asks="Was there room in the firewall's table of connections?",
        who="firewall's administrator",
        command=(
            "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; conntrack -S; "
            "dmesg | grep 'table full'   # during an attempt from {client} to {server}"
        ),
        answers=(STATE_TABLE,),
        cost=2.0,
    ),
    Question(
        id="firewall-rules",
        asks="Which rule's counter rises during one more attempt?",
        who="firewall's administrator",
        command="nft list ruleset   # before and after one attempt from {client} to {server} port {port}",
        answers=(DROP_RULE, REPLY_RULE),
        cost=2.0,
    ),
    Question(
        id="another-client",
        asks="Does another client of the same network reach the same address and port on the same way?",
        who="client",
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
        who="client",
        command="mtr -{family} -rwbc 5 {server}; traceroute -{family} -T -p {port} {server}",
        answers=(TRACE_THERE, LOOP),
        cost=1.0,
    ),
    Question(
        id="path-back",
        asks="Which hops does the way back take, and is the firewall one of them?",
        who="server's administrator",
        command="mtr -{family} -rwc 10 {client}   # and the same from another server whose connections work",
        answers=(FIREWALL_ON_WAYS, ONE_WAY_ROUTERS, LOOP),
        cost=4.0,  # it takes two reports, and a control, before an absence is proven
    ),
    Question(
        id="sizes",
        asks="Do small packets pass where large ones die?",
        who="client",
        command="ping -{family} -M do -c 3 -s {full_ping} {server}; ping -{family} -M do -c 3 -s 500 {server}",
        answers=(SIZE_CONTRAST,),
        cost=1.0,
    ),
    Question(
        id="same-name-elsewhere",
        asks="Does the same name work at another address?",
        who="client",
        command="curl -v --connect-timeout 10 --resolve {name}:{port}:ANOTHER_ADDRESS {scheme}://{name}:{port}/",
        answers=(SAME_NAME_ELSEWHERE,),
        cost=1.0,
    ),
    Question(
        id="same-address-otherwise",
        asks="Does the same address work on another port or under another name?",
        who="client",
        command="curl -vk --connect-timeout 10 {other_scheme}://{server_in_url}/",
        answers=(SAME_ADDRESS_OTHERWISE,),
        cost=1.0,
    ),
    Question(
        id="without-option",
        asks="Is a SYN without timestamps and ECN answered, where one with them is not?",
        who="client",
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
        who="client",
        command="for i in 1 2 3 4 5; do curl -vk -m 10 {scheme}://{server_in_url}:{port}/ -o /dev/null; done",
        answers=(SIBLINGS,),
        cost=1.0,
    ),
)
