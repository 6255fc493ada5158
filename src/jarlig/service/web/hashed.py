"""Static files under names that say what is in them (静态文件指纹): a browser keeps them for good.

``collectstatic`` puts each file beside one with its hash in the name and writes down which is which; the web server
tells browsers to keep the latter for years. New contents have a new name, so nobody has to reload by hand.
"""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):
    """The storage of ``STORAGES``; the compressed copies are made once, not at each request."""

    def stored_name(self, name: str) -> str:
        """The name with its hash; the plain one where nothing was collected, which works too and is kept shorter."""
        return str(self.hashed_files.get(self.hash_key(name), name))
