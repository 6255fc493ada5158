"""The report of a comparison (模拟报告): one self-contained HTML page, no script, no font, no request."""

from __future__ import annotations

from jarlig.whatif.page.report import render

__all__ = ["render"]
