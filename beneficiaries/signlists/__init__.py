"""发放清册 and 签收表: the lines of a batch on paper, as PDF and as Excel from one layout."""

from beneficiaries.signlists.content import PAPERS, Column, PayoutList, payout_list
from beneficiaries.signlists.files import KINDS, list_file

__all__ = ["KINDS", "PAPERS", "Column", "PayoutList", "list_file", "payout_list"]
