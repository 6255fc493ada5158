"""What a ZIP archive that somebody made can do to whoever reads it (压缩包); each room words its refusal itself."""

from __future__ import annotations

import zipfile
import zlib

#: Everything that the standard library raises over the bytes of an archive, and over nothing else: fuzzed by tests.
UNREADABLE = (
    zipfile.BadZipFile,  # no directory, a header at odds with it, a wrong sum
    zlib.error,  # what is packed is torn
    EOFError,  # it ends before its size
    RuntimeError,  # locked with a password; and NotImplementedError: packed in a way or for a version that is not known
    ValueError,  # an offset before the beginning; and UnicodeDecodeError: a name that is no text
    OSError,  # an offset that no file has
)
