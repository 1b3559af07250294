"""The two passes in plain Python: slow, and the definition of what is right."""

from bothways.captures.pass_one import survey, survey_parts
from bothways.captures.pass_two import extract, extract_parts

__all__ = ["extract", "extract_parts", "survey", "survey_parts"]
