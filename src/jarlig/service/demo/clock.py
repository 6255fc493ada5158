"""When a demonstration begins (演示时钟): the clock of its database is set once, when it is marked, and runs on."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

#: A Tuesday in autumn 2023: windows of the year are open, the notice of 2022 is in force until the end of 2024.
BEGINS = datetime(2023, 10, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
