"""Scripts of what causes leave on the wire, those that the catalogue does not know yet among them.

Each is written down as it would cross a path with a firewall between routers 2 and 3; which observers there are, the
test decides. `CAUSES` lists them with their true cause, `healthy` for none.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from bothways.evidence.endpoint import Endpoint
from tests.helpers import packets as p
from tests.helpers.network import RTO, SERVER, SYNS, half_open, worked
from tests.helpers.packets import client_hello

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.network import Network, Talk

IN, OUT = "firewall-inside", "firewall-outside"
FIREWALL = (IN, OUT)
LATE = (100_000, 100_250, 100_700, 101_500, 103_100, 106_300, 113_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One script."""

    name: str
    truth: str
    script: Callable[[Network], None]
    unseen_beyond: bool
    """Beyond the firewall nothing is seen to fail."""


CAUSES: list[Cause] = []


def cause(truth: str, *, unseen_beyond: bool = False) -> Callable[[Callable[[Network], None]], None]:
    def listed(script: Callable[[Network], None]) -> None:
        CAUSES.append(Cause(name=script.__name__, truth=truth, script=script, unseen_beyond=unseen_beyond))

    return listed


def from_device(network: Network, talk: Talk, ms: float, flags: str, **more: Any) -> None:
    """The firewall itself answers the client, in the server's name."""
    said = {"seq": talk.isn["back"] + 1, "ack": 0} | more
    for vantage, ttl in ((IN, 64), ("client", 62)):
        if vantage in network.vantages:
            ends = (talk.server.address, talk.client.address, talk.server.port, talk.client.port)
            network.record(vantage, talk.start + ms, p.tcp_frame(*ends, flags=flags, ttl=ttl, **said))


def unanswered(talk: Talk, *, lost: str | None) -> None:
    for ms in SYNS:
        talk.there(ms, "S", lost=lost)


def asked_and_answered(talk: Talk) -> None:
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(80, "PA", 300)
    talk.there(100, "A")


# --- causes of which the catalogue may not know yet ---


@cause("receive-window-closed")
def window_stays_shut(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 1000)
    talk.back(61, "A", window=0)
    for ms in (300, 700, 1500, 3100, 6300, 12_700):
        talk.there(ms, "A", seq=1000)
        talk.back(ms + 20, "A", window=0)


@cause("syn-proxy", unseen_beyond=True)
def proxy_with_a_dead_backend_holds_the_client_off(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S", lost=IN)
    from_device(network, talk, 5, "SA", seq=talk.isn["back"], ack=talk.isn["there"] + 1, window=0)
    for ms in (6, 300, 700, 1500, 3100, 6300, 12_700):
        talk.there(ms, "A", seq=1 if ms == 6 else 0, lost=IN)


@cause("syn-proxy", unseen_beyond=True)
def proxy_with_a_dead_backend_swallows_data(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S", lost=IN)
    from_device(network, talk, 5, "SA", seq=talk.isn["back"], ack=talk.isn["there"] + 1)
    talk.there(6, "A", lost=IN)
    for ms in RTO:
        talk.there(ms, "PA", 200, seq=1, lost=IN)


@cause("syn-proxy", unseen_beyond=True)
def proxy_with_a_dead_backend_acknowledges_data(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S", lost=IN)
    from_device(network, talk, 5, "SA", seq=talk.isn["back"], ack=talk.isn["there"] + 1)
    talk.there(6, "A", lost=IN)
    talk.there(7, "PA", 200, lost=IN)
    from_device(network, talk, 10, "A", ack=talk.isn["there"] + 201)
    network.idle(20_000)


@cause("client-refuses-reply")
def client_drops_syn_acks(network: Network) -> None:
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")


@cause("client-refuses-reply")
def client_resets_syn_acks(network: Network) -> None:
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "SA")
        talk.there(ms + 40, "R", seq=1)


@cause("stale-tuple")
def server_challenges(network: Network) -> None:
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "A", seq=5000, ack=70_000)
        talk.there(ms + 40, "R", seq=70_000, lost="client")


@cause("asymmetric-reply-through-firewall")
def syn_acks_meet_a_firewall_that_saw_no_syn(network: Network) -> None:
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S", unseen=FIREWALL)
        talk.back(ms + 20, "SA", lost=OUT)


@cause("firewall-pair-unsynchronised")
def syns_leave_by_the_firewall_and_syn_acks_die_in_another(network: Network) -> None:
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 20, "SA", unseen=FIREWALL, lost="server")


@cause("state-expired")
def client_speaks_after_the_state_is_gone(network: Network) -> None:
    talk = network.talk()
    asked_and_answered(talk)
    for ms in LATE:
        talk.there(ms, "PA", 50, seq=201, lost=IN)


@cause("state-expired")
def server_speaks_after_the_state_is_gone(network: Network) -> None:
    talk = network.talk()
    asked_and_answered(talk)
    for ms in LATE:
        talk.back(ms, "PA", 50, seq=301, lost=OUT)


@cause("state-expired", unseen_beyond=True)
def firewall_resets_after_the_state_is_gone(network: Network) -> None:
    talk = network.talk()
    asked_and_answered(talk)
    talk.there(100_000, "PA", 50, lost=IN)
    from_device(network, talk, 100_003, "R", seq=talk.isn["back"] + 301)
    network.idle(110_000)


@cause("host-refuses-ack")
def host_firewall_drops_acks(network: Network) -> None:
    half_open(network.talk(), last="server")


@cause("sequence-rewritten")
def firewall_rewrites_the_isn_one_way(network: Network) -> None:
    talk = network.talk()
    real, rewritten = talk.isn["there"], 777
    for ms in SYNS:
        talk.there(ms, "S", lost=IN)
        talk.isn["there"] = rewritten
        talk.there(ms, "S", unseen=("client", IN))
        talk.back(ms + 20, "SA", unseen=FIREWALL)
        talk.there(ms + 40, "R", seq=1)
        talk.isn["there"] = real


@cause("random-loss", unseen_beyond=True)
def heavy_loss_that_is_repaired(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    ms, seq, random = 50, 1, Random(4)
    for _ in range(60):
        ms += 40
        while random.random() < 0.2:
            talk.there(ms, "PA", 500, seq=seq, lost=IN)
            ms += 250
        talk.there(ms, "PA", 500, seq=seq)
        seq += 500
        talk.back(ms + 20, "A", ack=seq)
    talk.back(ms + 50, "PA", 300)
    talk.there(ms + 70, "A")
    talk.closes(ms + 100)


@cause("random-loss")
def loss_that_kills(network: Network) -> None:
    talk = network.talk()
    asked_and_answered(talk)
    for ms in (150, 400, 850, 1700, 3500, 7100, 14_000):
        talk.there(ms, "PA", 100, seq=201, lost=IN)


@cause("application-refused")
def server_closes_without_a_word(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(70, "FA")
    talk.there(90, "FA")
    talk.back(110, "A")
    network.idle(8000)


@cause("application-refused")
def server_resets_the_request(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 200)
    talk.back(70, "A")
    talk.back(75, "RA")
    network.idle(8000)


@cause("application-refused")
def server_resets_the_hello(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", content=client_hello("a.example"))
    talk.back(70, "RA")
    network.idle(8000)


@cause("routing-loop", unseen_beyond=True)
def syns_go_round(network: Network) -> None:
    talk = network.talk()
    unanswered(talk, lost=OUT)
    if "client" in network.vantages:
        talk.error(5, kind=11, code=0)


@cause("destination-unreachable", unseen_beyond=True)
def no_route_to_host(network: Network) -> None:
    talk = network.talk()
    unanswered(talk, lost=OUT)
    if "client" in network.vantages:
        talk.error(5, code=1)


@cause("reply-lost")
def syn_acks_die_on_the_way_back(network: Network) -> None:
    talk = network.talk()
    for ms in SYNS:
        talk.there(ms, "S")
        talk.back(ms + 10, "SA", lost=OUT)


@cause("server-ignores-syn")
def server_never_answers(network: Network) -> None:
    unanswered(network.talk(), lost=None)


@cause("source-blocked", unseen_beyond=True)
def everything_of_this_client_dies(network: Network) -> None:
    for server in (SERVER, Endpoint("192.0.2.9", 443)):
        unanswered(network.talk(server=server), lost=IN)


@cause("client-gone-or-spoofed")
def one_syn_of_nobody(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S", unseen=("client", *FIREWALL))
    for ms in (10, 1010, 3010, 7010):
        talk.back(ms, "SA", seq=0, ack=1, lost="tap")


@cause("path-member-fault", unseen_beyond=True)
def one_member_drops_everything(network: Network) -> None:
    for number in range(6):
        talk = network.talk(start=number * 300)
        if number % 3 == 0:
            unanswered(talk, lost=OUT)
        else:
            worked(talk)


@cause("path-member-fault")
def one_member_drops_all_but_syns(network: Network) -> None:
    for number in range(6):
        talk = network.talk(start=number * 300)
        if number % 3 == 0:
            half_open(talk, last=OUT)
        else:
            worked(talk)


@cause("option-sensitive", unseen_beyond=True)
def syns_with_timestamps_are_dropped(network: Network) -> None:
    for number in range(4):
        talk = network.talk(start=number * 300)
        if number % 2:
            worked(talk)
        else:
            for ms in SYNS:
                talk.there(ms, "S", options=[p.mss(1460), p.timestamps(ms + 1, 0)], lost=IN)


@cause("window-mangled")
def window_scale_is_lost(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    seq = 1
    for number in range(20):
        talk.there(50 + number * 30, "A", 1448, seq=seq)
        seq += 1448
        talk.back(70 + number * 30, "A", ack=seq)
    for ms in (800, 1050, 1500, 2400, 4200, 7800):
        talk.there(ms, "A", 1448, seq=seq, lost=IN)


@cause("state-table-full", unseen_beyond=True)
def no_room_for_new_connections(network: Network) -> None:
    for number in range(4):
        talk = network.talk(start=number * 300)
        if number % 2:
            unanswered(talk, lost=IN)
        else:
            worked(talk)


# --- nothing is wrong ---


@cause("healthy")
def ways_differ_and_all_is_well(network: Network) -> None:
    for number in range(2):
        talk = network.talk(start=number * 1000)
        around = (*FIREWALL, "tap")
        talk.handshake(unseen=around)
        talk.there(41, "PA", 100)
        talk.back(70, "PA", 300, unseen=around)
        talk.there(90, "A")
        talk.there(91, "FA")
        talk.back(120, "FA", unseen=around)
        talk.there(140, "A")
    network.idle(8000)


@cause("healthy")
def long_idle_with_keepalives(network: Network) -> None:
    talk = network.talk()
    asked_and_answered(talk)
    for ms in (30_000, 60_000, 90_000):
        talk.there(ms, "A", seq=200)
        talk.back(ms + 20, "A")


@cause("healthy")
def deferred_accept_and_a_silent_client(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.back(1020, "SA")
    talk.there(1040, "A")
    network.idle(9000)


# --- causes of the catalogue, as they show less often ---


@cause("accept-queue-overflow")
def full_queue_with_syn_cookies(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", 200, seq=1)


@cause("accept-queue-overflow")
def full_queue_that_resets(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.back(60, "R")
    network.idle(9000)


@cause("accept-queue-overflow")
def full_queue_that_empties_in_time(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    for ms in RTO[:5]:
        talk.there(ms, "PA", 200, seq=1)
    for ms in (1020, 3060):
        talk.back(ms, "SA", seq=0, ack=1)
        talk.there(ms + 20, "A", seq=201, ack=1)
    talk.back(6700, "A", ack=201)
    talk.back(6800, "PA", 300)
    talk.there(6820, "A")
    talk.closes(6900)


@cause("asymmetric-bypass")
def bypass_with_syn_cookies(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=FIREWALL)
    talk.there(40, "A", lost=IN)
    for ms in RTO:
        talk.there(ms, "PA", 200, seq=1, lost=IN)


@cause("asymmetric-bypass")
def bypass_of_a_silent_client(network: Network) -> None:
    half_open(network.talk(), last=IN, unseen=FIREWALL, size=0)


@cause("asymmetric-bypass")
def bypass_with_a_hello(network: Network) -> None:
    half_open(network.talk(), last=IN, unseen=FIREWALL, content=client_hello("a.example"))


@cause("asymmetric-bypass")
def bypass_with_a_full_hello(network: Network) -> None:
    half_open(network.talk(), last=IN, unseen=FIREWALL, content=client_hello("a.example").ljust(1460, b"x"))


@cause("asymmetric-bypass")
def bypass_at_a_firewall_that_resets(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=FIREWALL)
    talk.there(40, "A", lost=IN)
    from_device(network, talk, 43, "R")
    for ms in (1020, 3020, 7020):
        talk.back(ms, "SA", seq=0, ack=1, unseen=FIREWALL)
        talk.there(ms + 20, "R", seq=1, lost=IN)


@cause("asymmetric-bypass")
def bypass_of_a_user_who_gives_up(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA", unseen=FIREWALL)
    talk.there(40, "A", lost=IN)
    for ms in RTO[:4]:
        talk.there(ms, "PA", 200, seq=1, lost=IN)
    talk.back(1020, "SA", seq=0, ack=1, unseen=FIREWALL)
    talk.there(1040, "A", lost=IN)
    talk.there(2000, "FA", lost=IN)
    network.idle(9000)


@cause("established-outbound-drop")
def rule_that_drops_established(network: Network) -> None:
    half_open(network.talk(), last=IN)


@cause("established-outbound-drop")
def rule_that_resets_established(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S")
    talk.back(20, "SA")
    talk.there(40, "A", lost=IN)
    from_device(network, talk, 43, "R")
    network.idle(9000)


@cause("sni-filtered")
def name_filter(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", content=client_hello("a.example"), seq=1, lost=IN)


@cause("sni-filtered")
def name_filter_on_a_hello_of_two_segments(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    for ms in RTO:
        talk.there(ms, "PA", content=client_hello("a.example").ljust(1460, b"x"), seq=1, lost=IN)
    talk.there(42, "PA", 300, seq=1461)
    talk.back(62, "A", ack=1)


@cause("sni-filtered")
def name_filter_that_resets_both_ends(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", content=client_hello("a.example"), lost=IN)
    from_device(network, talk, 44, "R")
    talk.there(44, "R", seq=1, unseen=("client", IN))
    network.idle(8000)


@cause("sni-filtered")
def name_filter_whose_reset_overtakes_the_answer(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", content=client_hello("a.example"))
    from_device(network, talk, 44, "R")
    talk.back(60, "A")
    talk.back(61, "PA", 1000)
    talk.there(82, "R")
    network.idle(8000)


@cause("mtu-black-hole")
def large_upload_dies(network: Network) -> None:
    talk = network.talk()
    asked_and_answered(talk)
    for ms in (150, 350, 800, 1700, 3500, 7100, 14_000):
        talk.there(ms, "A", 1460, seq=201, lost=IN)


@cause("mtu-black-hole")
def large_first_segment_dies(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    for ms in (100, 350, 800, 1700, 3500, 7100, 14_000):
        talk.there(ms, "A", 1460, seq=1, lost=IN)
    talk.there(101, "PA", 400, seq=1461)
    talk.back(121, "A", ack=1)


@cause("mtu-black-hole")
def large_answer_dies(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 300)
    talk.back(62, "A")
    for ms in (100, 350, 800, 1700, 3500, 7100, 14_000):
        talk.back(ms, "A", 1460, seq=1, lost=OUT)
    talk.back(101, "PA", 500, seq=1461)
    talk.there(121, "A", ack=1)


@cause("application-silent")
def program_hangs(network: Network) -> None:
    talk = network.talk()
    talk.handshake()
    talk.there(41, "PA", 300)
    talk.back(62, "A")
    talk.there(15_000, "FA")
    talk.back(15_020, "A")
    network.idle(30_000)


@cause("destination-blocked", unseen_beyond=True)
def filter_resets_the_syn(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S", lost=IN)
    from_device(network, talk, 4, "RA", seq=0, ack=talk.isn["there"] + 1)
    network.idle(5000)


@cause("destination-blocked", unseen_beyond=True)
def filter_drops_the_syn(network: Network) -> None:
    unanswered(network.talk(), lost=IN)


@cause("port-closed")
def nothing_listens(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S")
    talk.back(10, "RA", seq=0, ack=1)
    network.idle(5000)


@cause("port-closed")
def nothing_listens_on_a_host_with_another_initial_ttl(network: Network) -> None:
    talk = network.talk()
    talk.there(0, "S")
    talk.back(10, "RA", seq=0, ack=1, ttl=255)
    network.idle(5000)
