"""What every test shares: no time limit on a single example, because the machine may be busy with other work."""

import os

from hypothesis import settings

settings.register_profile("here", deadline=None)
if "CI" not in os.environ:  # with CI set, hypothesis itself chooses repeatable examples
    settings.load_profile("here")
