"""Capture bytes to evidence. Fed bytes; opens nothing."""

from bothways.captures.container import begins_a_capture, is_capture, unreadable_reason
from bothways.captures.pass_one import survey
from bothways.captures.pass_two import extract

__all__ = ["begins_a_capture", "extract", "is_capture", "survey", "unreadable_reason"]
