"""``jarlig doctor`` (体检): what an installation lacks, why it matters, and how to mend it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from jarlig.service.config.environment import setting
from jarlig.service.launch import database_checks, grants, machine_checks
from jarlig.service.launch.binaries import ClusterError, binaries
from jarlig.service.launch.cluster import Cluster
from jarlig.service.launch.finding import INFO, MEND, OK, WARN, Finding
from jarlig.service.launch.state import DATABASE, State, embedded, served

_MARKS = {OK: ("正常", "ok  "), WARN: ("注意", "warn"), MEND: ("须改", "mend"), INFO: ("说明", "info")}


def examine(folder: Path, environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Looks at everything: the installation that the settings name, or the embedded database that runs on a folder."""
    if setting(grants.LOGIN, environ):
        told, owner = served(environ), setting(grants.OWNER, environ)
        return [*machine_checks.machine(told), *database_checks.database(told, owner)]
    nothing = Finding(
        "database", MEND,
        (f"没有设置 {grants.LOGIN}，{folder} 中也没有正在运行的数据库",
         f"{grants.LOGIN} is not set, and no database runs on {folder}"),
        ("请设置数据库地址，或先执行 jarlig up；up 带 --state 时，doctor 也带同样的 --state",
         "set the address of the database, or start jarlig up first; where up has --state, give doctor the same"),
    )  # fmt: skip
    if not (folder / "pgdata").exists():
        return [*machine_checks.machine(served(environ)), nothing]
    try:
        state, cluster = State(folder), Cluster(binaries(environ), folder)
        told = embedded(state, cluster, environ)
    except ClusterError as error:
        return [*machine_checks.machine(served(environ)), Finding("database", MEND, (error.zh, error.en))]
    if not cluster.is_running():
        return [*machine_checks.machine(told), nothing]
    return [*machine_checks.machine(told), *database_checks.database(told, cluster.addresses(DATABASE)[0])]


def must_mend(findings: Iterable[Finding]) -> bool:
    """Whether anything must be mended."""
    return any(finding.state == MEND for finding in findings)


def as_text(findings: list[Finding], lang: str) -> str:
    """The findings, one below the other, and a last line that sums them up."""
    at = 0 if lang == "zh" else 1
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.state][at]}  {finding.what[at]}")
        if finding.how[at]:
            lines.append(f"      → {finding.how[at]}")
    mend, warn = (sum(one.state == state for one in findings) for state in (MEND, WARN))
    closing = (
        (f"须改 {mend} 项，注意 {warn} 项", f"{mend} to mend, {warn} to note")
        if mend or warn
        else ("一切正常", "all is well")
    )
    return "\n".join([*lines, "", closing[at]])


def as_json(findings: list[Finding]) -> str:
    """The findings for a program."""
    listed = [
        {
            "key": one.key,
            "state": one.state,
            "what": dict(zip(("zh", "en"), one.what, strict=True)),
            "how": dict(zip(("zh", "en"), one.how, strict=True)),
        }
        for one in findings
    ]
    return json.dumps({"fit": not must_mend(findings), "findings": listed}, ensure_ascii=False, indent=2)
