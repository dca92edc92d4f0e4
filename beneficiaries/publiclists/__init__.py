"""Public lists (公示): what may stand in a line, the list as everybody reads it, and its PDF (R-29)."""

from beneficiaries.publiclists.lines import Listed, dossier_line, faults_of, payout_line
from beneficiaries.publiclists.paper import list_pdf
from beneficiaries.publiclists.reading import open_to_all, shown, standing_of

__all__ = ["Listed", "dossier_line", "faults_of", "list_pdf", "open_to_all", "payout_line", "shown", "standing_of"]
