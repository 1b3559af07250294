"""Bytes to headers and back: total functions without opinions.

Any bytes give a value or None, never an exception. What a short snap length cut off is marked as cut, never as absent.
"""
