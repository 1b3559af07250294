"""Theories weighed against facts: which stand, which fell, what cannot be told apart, and what to ask next."""
