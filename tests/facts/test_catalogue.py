import re
from collections import Counter
from pathlib import Path

import bothways.facts
from bothways.facts.catalogue import FACTS, measure
from bothways.facts.fact import Kind
from bothways.unknown import Unknown
from tests.helpers.network import Network, half_open

NO_KINDS = {
    "__init__",
    "absence",
    "assumed",
    "catalogue",
    "counts",
    "fact",
    "flag_match",
    "full_queues",
    "gaps",
    "laid_out",
    "probe_runs",
    "probe_words",
    "receipts",
    "rule_match",
    "same_hops",
    "split_words",
    "strange_blocks",
    "stretches",
    "stuck_sockets",
    "subject",
    "syn_offers",
    "trust",
    "unseen_devices",
}


def test_every_module_that_has_kinds_is_in_the_list() -> None:
    folder = Path(bothways.facts.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - NO_KINDS
    listed = {function.__module__.rpartition(".")[2] for _, function in FACTS}
    assert listed == modules


def test_ids_are_unique_and_in_kebab_case() -> None:
    counts = Counter(kind.id for kind, _ in FACTS)
    assert max(counts.values()) == 1
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in counts)


def test_every_kind_asks_a_question_with_a_few_answers() -> None:
    for kind, _ in FACTS:
        assert kind.asks.endswith("?")
        assert 2 <= len(kind.answers) <= 7


def test_every_kind_is_answered_in_the_order_of_the_list_even_where_nothing_is_known() -> None:
    subject = Network("client").subject()
    facts = measure(subject)
    assert [fact.kind for fact in facts] == [kind for kind, _ in FACTS]
    for fact in facts[1:]:
        assert isinstance(fact.answer, Unknown), fact
        assert fact.answer.why


def test_every_known_fact_says_something_and_cites_something() -> None:
    inside = ("firewall-inside", "firewall-outside")
    network = Network("client", *inside, "server")
    for number in range(3):
        half_open(
            network.talk(start=number * 50), last="firewall-inside", unseen=("firewall-inside", "firewall-outside")
        )
    known = [fact for fact in measure(network.subject()) if fact.known]
    assert len(known) >= 14
    for fact in known:
        assert isinstance(fact.answer, fact.kind.answers)
        assert fact.says
        assert fact.cites, fact.kind.id


def test_kinds_are_compared_by_their_id() -> None:
    assert all(isinstance(kind, Kind) for kind, _ in FACTS)
