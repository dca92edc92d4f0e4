"""What the templates of a sheet need."""

from decimal import Decimal

from django import template

from reporting.layout import GridCell

register = template.Library()


@register.filter
def at(mapping, key):
    """The mapping's value for the key; a key that is not there is a fault of the caller."""
    return mapping[key]


DIGIT, STOP = Decimal("1.86"), Decimal("0.98")
PADDING, PADDING_OF_LISTS = Decimal("2.6"), Decimal("1.5")
STEPS = (90, 80, 72, 64, 56, 48, 40)


@register.filter
def tight(placed: GridCell, text: str) -> str:
    """A further class (with its space) that makes a number of the PDF small enough for its column, so that nothing is cut; else nothing."""
    if not placed.is_single_blank or not text or not placed.width or placed.style != "value":
        return ""
    needed = sum(STOP if character in ",." else DIGIT for character in text)
    # Only the lines of a list know the words above them.
    share = (placed.width - (PADDING_OF_LISTS if placed.head else PADDING)) * 100 / needed
    if share >= 100:
        return ""
    return f" sheet-t{next((step for step in STEPS if step <= share), STEPS[-1])}"
