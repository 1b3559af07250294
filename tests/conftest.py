"""What every test shares: how hard properties are tried, and what is said of tests that were not run."""

import os

from hypothesis import settings

pytest_plugins = ["tests.helpers.unrun"]

# Deadlines measure the machine, not the code.
settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
