"""Lists taken along as Excel, as filtered, through one gate (R-22). The apps register their lists when Django starts."""

from unions.listings.gate import Grade, needs_second
from unions.listings.held import number_of
from unions.listings.model import AT_ONCE, Field, Listing, listing_of, register_listing

__all__ = ["AT_ONCE", "Field", "Grade", "Listing", "listing_of", "needs_second", "number_of", "register_listing"]
