"""Static files under names that change with their content."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

_IMPORT = r"""\b(?P<matched>(?P<word>from|import) "(?P<url>\./[\w-]+\.js)")"""


class HashedModulesStorage(ManifestStaticFilesStorage):
    """Our script modules import each other by hashed names, too: no browser mixes the modules of two releases.

    Django's own switch for this reads every script of every package and stumbles over imports printed in their comments.
    """

    # One for each module down a chain of imports.
    max_post_process_passes = 12
    patterns = (*ManifestStaticFilesStorage.patterns, ("relief/*.js", ((_IMPORT, '%(word)s "%(url)s"'),)))
