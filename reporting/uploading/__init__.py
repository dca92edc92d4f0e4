"""Figures that come back in a workbook: our template, our official Excel, or a sheet somebody made; never half taken."""

from reporting.uploading.identity import Identity, NotGenuine, identity_rows, read_identity
from reporting.uploading.mapping import Choice, Field, Guess, Record, guess, mapped
from reporting.uploading.reading import Change, Uploaded, read_official, read_template
from reporting.uploading.staging import Expired, seal_guess, seal_upload, unseal_guess, unseal_upload

__all__ = [
    "Change",
    "Choice",
    "Expired",
    "Field",
    "Guess",
    "Identity",
    "NotGenuine",
    "Record",
    "Uploaded",
    "guess",
    "identity_rows",
    "mapped",
    "read_identity",
    "read_official",
    "read_template",
    "seal_guess",
    "seal_upload",
    "unseal_guess",
    "unseal_upload",
]
