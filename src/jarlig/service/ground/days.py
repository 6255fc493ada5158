"""Days as people write them in sheets and addresses (日期): read exactly, or not at all."""

from __future__ import annotations

import re
from datetime import date

# With the midnight that a spreadsheet puts behind a day; any other hour, and anything else beside the day, is no day.
_WRITTEN = re.compile(
    r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*(?:[T ]?00:00(?::00)?)?\s*", re.ASCII
).fullmatch


def read_day(text: str) -> date | None:
    """The day that a text is, written 2024-05-10, 2024/5/10, 2024.5.10 or 2024年5月10日; None when it is none."""
    found = _WRITTEN(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
