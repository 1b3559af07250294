"""The recipes as a text to read."""

from bothways.lab.recipes.catalogue import RECIPES
from bothways.lab.recipes.recipe import COMMON, LEAST_PATIENCE_S, PATIENCE, USUAL_PATIENCE_S, Recipe

_WIDTH = max(len(recipe.name) for recipe in RECIPES)


def listing() -> str:
    """Every recipe with its choices; the first of each is taken unless another is set."""
    lines = [line for recipe in RECIPES for line in _recipe(recipe)]
    common = (f"{key}={'|'.join(values)}" for key, values in COMMON.items())
    patience = f"{PATIENCE}=SECONDS ({USUAL_PATIENCE_S:g} unless set, {LEAST_PATIENCE_S:g} at least)"
    return "\n".join((*lines, "", f"Each can be set: {', '.join((*common, patience))}", ""))


def _recipe(recipe: Recipe) -> list[str]:
    own = [f"{key}={'|'.join(values)}" for key, values in recipe.choices.items() if key not in COMMON]
    indent = " " * (_WIDTH + 2)
    return [f"{recipe.name:{_WIDTH}}  {recipe.says}", *(f"{indent}--set {choice}" for choice in own)]
