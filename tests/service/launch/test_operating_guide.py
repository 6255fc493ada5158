"""The guide for operators holds: its statements make a fit server, every setting is told, its backup restores."""

from __future__ import annotations

import re
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from tests.service.launch.helpers import ROOT, told

from jarlig.service.config.environment import SETTINGS
from jarlig.service.launch import database_checks
from jarlig.service.launch.binaries import surroundings
from jarlig.service.launch.cluster import LOGIN, OWNER, PORT, SUPERUSER, Cluster
from jarlig.service.launch.finding import OK
from jarlig.service.launch.preparing import migrate

PAGES = [ROOT / "docs" / "guide" / name for name in ("operate.md", "operate.zh.md")]


def statements(page: Path) -> list[str]:
    """What the administrator of the database runs once, as the page gives it."""
    found = re.search(r"^```sql\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    lines = [line for line in found[1].splitlines() if not line.startswith("--")]
    return [one.strip() for one in "\n".join(lines).split(";") if one.strip()]


def psql(cluster: Cluster, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A program of PostgreSQL that connects as the superuser."""
    where = ["-h", str(cluster.socket), "-p", str(PORT), "-U", SUPERUSER]
    return subprocess.run(
        [str(cluster.binaries / program), *where, *words],
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_administrators_statements_and_the_two_commands_make_a_fit_server(programs: Path, tmp_path: Path) -> None:
    ours, theirs = f"first_{OWNER}", f"first_{LOGIN}"
    with Cluster(programs, tmp_path / "state", durable=False) as server:
        with closing(server.superuser()) as connection:
            for statement in statements(PAGES[0]):
                connection.execute(statement.replace(OWNER, ours).replace(LOGIN, theirs).encode())
        above, below = server.addresses("jarlig")
        owner, login = above.replace(OWNER, ours), below.replace(LOGIN, theirs)
        migrate(told(login), owner)
        findings = database_checks.database(told(login), owner)
    assert [finding.key for finding in findings if finding.state != OK] == ["durable"]  # which tests switch off


def test_both_editions_give_the_same_statements() -> None:
    english, chinese = ([re.sub(r"'[^']*'$", "''", one) for one in statements(page)] for page in PAGES)
    assert english == chinese
    assert len(english) == 7


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_is_told(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [one.name for one in SETTINGS if f"| `{one.name}` |" not in text] == []


def test_a_dump_restores_to_the_same_rows_and_the_owner_cannot_make_it(served: Cluster, tmp_path: Path) -> None:
    with closing(served.superuser("served")) as connection:
        connection.execute("CREATE TABLE guarded AS SELECT 7 AS n")
        connection.execute(f"ALTER TABLE guarded OWNER TO {OWNER}")
        connection.execute("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE guarded FORCE ROW LEVEL SECURITY")
    try:
        dump = tmp_path / "dump"
        refused = psql(served, "pg_dump", "-Fc", "-U", OWNER, "-f", str(tmp_path / "refused"), "served")
        assert "row-level security" in refused.stderr
        made = psql(served, "pg_dump", "-Fc", "-f", str(dump), "served")
        assert made.returncode == 0, made.stderr
        served.make_database("restored")
        back = psql(served, "pg_restore", "-d", "restored", str(dump))
        assert back.returncode == 0, back.stderr
        with closing(served.superuser("restored")) as connection:
            assert connection.execute("SELECT n FROM guarded").fetchone() == (7,)
            assert connection.execute("SELECT count(*) > 2 FROM jarlig.roles").fetchone() == (True,)
    finally:
        with closing(served.superuser("served")) as connection:
            connection.execute("DROP TABLE guarded")
