"""Two workers sweep at once: what the other one has just taken away stops nobody."""

from pathlib import Path

from unions import attachments


def test_a_half_written_file_that_vanishes_meanwhile_stops_no_job(settings, tmp_path):
    settings.RELIEF_FILES_DIR = tmp_path
    folder = Path(tmp_path) / attachments.UNFINISHED
    folder.mkdir()
    (folder / "taken").symlink_to(folder / "no longer there")
    assert attachments.sweep() == 0
