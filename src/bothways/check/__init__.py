"""The active check: makes the evidence of one target from this machine, and has it judged like any other."""
