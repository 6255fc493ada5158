"""A comparison with every part, and the languages in which a page is looked at."""

from __future__ import annotations

import pytest
from tests.tiny import tiny
from tests.whatif.comparing import HEAD, HOSTILE, compared, lines, reform_file, row, table

from jarlig.whatif.compared import Comparison

REFORM = """\
offers: {'2': {amount: {bands: {60 to under 80: 250_000}}}, 1a: {rate: 18%, limit: null}}
guides: {'2023': {pools: {platform: {amount: 1_500_000}}}}
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A comparison with every part: a reform, pools that are short, gains, losses, open claims, hostile labels."""
    folder = tmp_path_factory.mktemp("page")
    limit = "limit:\n    - {awards: 1, per: project}\n"
    programme = tiny(folder / "programme", ("measures/01.yaml", limit, "limit:\n"))
    quoted = HOSTILE.replace('"', '""')
    rows = row("a", "2023-05-01", size="micro") + row("open", "2023-05-02", level="", project="Q")
    rows += row(f'"{quoted}"', "2023-05-03", project="P3", size=f'"{quoted}"')
    costs = lines({"a": 9_000_000, "open": 1_000_000})
    offers = ["1a", "2"]
    reform = reform_file(folder, REFORM)
    history = "offer,on,guide_year,state,capped,approved,recovered,paid,id,uscc,project_code\n"
    tables = table(folder, HEAD + rows, history=history, investment=costs)
    return compared(programme, "rules", reform, offers, tables, folder)


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)
