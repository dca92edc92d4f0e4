"""Text typed or pasted from a form, turned into items, relations and rows that a person confirms."""

from reporting.designing.recognising.proposing import Proposal, recognise

__all__ = ["Proposal", "recognise"]
