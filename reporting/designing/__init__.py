"""Designing a form: its data made, copied, guarded, recognised from pasted text, sampled and compared; no database."""

from reporting.designing.comparing import Comparison, compare_forms
from reporting.designing.copying import as_new_form, as_new_version, blank_form, moved_to_year
from reporting.designing.samples import sample_values
from reporting.designing.shape import MOST_BYTES, UnreadableForm, read_form_file, refuse_shape, shape_faults

__all__ = [
    "MOST_BYTES",
    "Comparison",
    "UnreadableForm",
    "as_new_form",
    "as_new_version",
    "blank_form",
    "compare_forms",
    "moved_to_year",
    "read_form_file",
    "refuse_shape",
    "sample_values",
    "shape_faults",
]
