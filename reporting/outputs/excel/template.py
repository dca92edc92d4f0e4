"""The offline template."""


def offline_workbook() -> bytes:
    """Coming."""
    raise NotImplementedError
