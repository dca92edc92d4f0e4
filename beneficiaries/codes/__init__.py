"""Code lists of a file (domain.md 3.6): their present words, the words of older versions, and one way to read any."""

from beneficiaries.codes.lists import LISTS, CodeList, band_of_area, choices, term_of_months
from beneficiaries.codes.reading import Reading, read, value_of

__all__ = ["LISTS", "CodeList", "Reading", "band_of_area", "choices", "read", "term_of_months", "value_of"]
