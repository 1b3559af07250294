"""bothways says why a TCP connection fails, and where, with the evidence for it.

The version is a constant, because asking the installed metadata for it would cost every start of the program time; a
test holds it equal to that of pyproject.toml.
"""

__version__ = "0.1.0"
