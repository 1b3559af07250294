"""Capture bytes to evidence. Fed bytes; opens nothing."""

from bothways.captures.container import begins_a_capture, is_capture, unreadable_reason
from bothways.captures.merged import Part, first_moment
from bothways.captures.pass_one import survey, survey_parts
from bothways.captures.pass_two import extract, extract_parts

__all__ = [
    "Part",
    "begins_a_capture",
    "extract",
    "extract_parts",
    "first_moment",
    "is_capture",
    "survey",
    "survey_parts",
    "unreadable_reason",
]
