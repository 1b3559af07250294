"""Capture bytes to evidence. Fed bytes; opens nothing."""

from bothways.captures.container import begins_a_capture, is_capture, unreadable_reason
from bothways.captures.merged import Part, first_moment

__all__ = [
    "Part",
    "begins_a_capture",
    "first_moment",
    "is_capture",
    "unreadable_reason",
]
