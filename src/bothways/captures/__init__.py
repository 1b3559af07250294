"""Capture bytes to evidence. Fed bytes; opens nothing."""

from bothways.captures.container import is_capture, unreadable_reason
from bothways.captures.pass_one import survey
from bothways.captures.pass_two import extract

__all__ = ["extract", "is_capture", "survey", "unreadable_reason"]
