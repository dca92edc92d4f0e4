"""The four other notices of forms.md as campaigns of the demo, each with a few records of its own time and filings."""

from relief.site.world.demo.earlier.filings import filings
from relief.site.world.demo.earlier.notices import campaigns
from relief.site.world.demo.earlier.records import HEADCOUNTS, records

__all__ = ["HEADCOUNTS", "campaigns", "filings", "records"]
