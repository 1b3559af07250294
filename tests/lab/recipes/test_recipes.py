import pytest
from msgspec.structs import replace

from bothways.errors import CallError
from bothways.lab.model.checked import check
from bothways.lab.model.scenario import Scenario
from bothways.lab.recipes.catalogue import RECIPES, find
from bothways.lab.recipes.recipe import Recipe

VARIANTS = [(recipe, settings) for recipe in RECIPES for settings in recipe.variants()]
FAULTS = [(recipe, settings) for recipe, settings in VARIANTS if recipe.mendable]


def named(value: object) -> str:
    return value.name if isinstance(value, Recipe) else "-".join(value.values()) if isinstance(value, dict) else ""


def scenario(recipe: Recipe, settings: dict[str, str], *, seed: int = 3, mended: bool = False) -> Scenario:
    return recipe.scenario(recipe.order(settings, seed=seed, mended=mended))


@pytest.mark.parametrize(("recipe", "settings"), VARIANTS, ids=named)
@pytest.mark.parametrize("seed", [0, 1, 77])
def test_every_variant_is_a_sound_description(recipe: Recipe, settings: dict[str, str], seed: int) -> None:
    check(scenario(recipe, settings, seed=seed))


@pytest.mark.parametrize(("recipe", "settings"), VARIANTS, ids=named)
def test_the_same_order_gives_the_same_scenario(recipe: Recipe, settings: dict[str, str]) -> None:
    assert scenario(recipe, settings) == scenario(recipe, settings)


@pytest.mark.parametrize(("recipe", "settings"), FAULTS, ids=named)
def test_a_mended_twin_has_the_same_traffic_addresses_and_witnesses(recipe: Recipe, settings: dict[str, str]) -> None:
    fault, twin = scenario(recipe, settings), scenario(recipe, settings, mended=True)
    # Where the client's own program is at fault, it does something else in the twin, at the same place as often.
    assert [(one.to, one.port, one.count, one.step, one.size) for one in twin.visits] == [
        (one.to, one.port, one.count, one.step, one.size) for one in fault.visits
    ]
    assert {visit.expected for visit in twin.visits} == {"done"}
    assert twin.captures == fault.captures
    assert twin.network.names == fault.network.names
    assert twin.truth
    assert fault.truth
    assert (twin.truth.theory, fault.truth.theory) == ("healthy", recipe.name)
    assert (twin.truth.client, twin.truth.server) == (fault.truth.client, fault.truth.server)


@pytest.mark.parametrize(("recipe", "settings"), FAULTS, ids=named)
def test_a_fault_is_a_difference_of_network_services_or_clients_and_has_signs(
    recipe: Recipe, settings: dict[str, str]
) -> None:
    fault, twin = scenario(recipe, settings), scenario(recipe, settings, mended=True)
    done = [replace(visit, expected="done") for visit in fault.visits]
    assert (fault.network, fault.services, done) != (twin.network, twin.services, twin.visits)
    assert len(fault.signs) >= 2
    assert fault.truth
    assert fault.truth.where


def test_seeds_change_lengths_addresses_names_and_ports() -> None:
    grown = [scenario(find("healthy"), {}, seed=seed) for seed in range(12)]
    assert len({len(one.network.nodes) for one in grown}) > 2
    truths = [one.truth for one in grown if one.truth]
    assert len({truth.client for truth in truths}) == 12
    assert len({truth.server for truth in truths}) > 6
    assert len({truth.name for truth in truths}) > 6
    assert len({truth.port for truth in truths}) > 1


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"answer": "loud"}, "answer can be silent, reset, not 'loud'"),
        ({"colour": "red"}, "no setting 'colour'"),
        ({"patience": "1"}, "from 4 to 600"),
        ({"patience": "nan"}, "from 4 to 600"),
        ({"patience": "long"}, "from 4 to 600"),
    ],
)
def test_a_choice_that_is_not_there_is_refused_with_those_that_are(settings: dict[str, str], says: str) -> None:
    with pytest.raises(CallError, match=says):
        find("asymmetric-bypass").order(settings)


def test_choices_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(CallError, match="how=reverse-path and ip=6 do not go together"):
        find("server-ignores-syn").order({"how": "reverse-path", "ip": "6"})


def test_what_is_healthy_has_no_mended_twin() -> None:
    with pytest.raises(CallError, match="nothing that could be mended"):
        find("healthy").order({}, mended=True)


def test_an_unknown_recipe_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CallError, match="there is no recipe 'nonsense'; there are asymmetric-bypass"):
        find("nonsense")


def test_a_variant_is_each_choice_by_itself() -> None:
    assert list(find("sni-filtered").variants()) == [{}, {"answer": "reset"}, {"ip": "6"}]
