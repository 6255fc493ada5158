"""The hosts to which the service answers: written as people write lists, with the host of the files among them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.service.launch.helpers import told

from jarlig.service.config.environment import SettingError, files_host, hosts
from jarlig.service.launch.finding import MEND, OK, WARN
from jarlig.service.launch.machine_checks import machine

ASK = "from django.conf import settings; print(settings.ALLOWED_HOSTS, settings.FILES_HOST)"


@pytest.mark.parametrize(
    ("said", "files", "found"),
    [
        ("", "", ["127.0.0.1", "localhost"]),
        ("a.example, b.example", "", ["a.example", "b.example"]),
        (" A.example ,", " files.example ", ["a.example", "files.example"]),
        ("a.example", "files.example:8443", ["a.example", "files.example"]),
        ("a.example,files.example", "files.example", ["a.example", "files.example"]),
    ],
)
def test_hosts_are_told_as_they_are_meant(said: str, files: str, found: list[str]) -> None:
    environ = {"JARLIG_HOSTS": said, "JARLIG_FILES_HOST": files}
    assert hosts(environ) == found
    assert files_host(environ) == files.strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JARLIG_HOSTS", "https://a.example"),
        ("JARLIG_HOSTS", "a.example b.example"),
        ("JARLIG_HOSTS", ","),
        ("JARLIG_FILES_HOST", "files.example/stored"),
    ],
)
def test_what_is_no_host_is_told_with_its_setting_and_by_the_doctor(name: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        hosts({name: value})
    assert refused.value.name == name
    finding = next(one for one in machine({name: value}) if one.key == "hosts")
    assert finding.state == MEND and name in finding.what[0] and finding.how[1]


def test_the_host_of_the_files_alone_is_answered_to() -> None:
    environ = {**told("postgresql://x@/y"), "JARLIG_HOSTS": "a.example, b.example", "JARLIG_FILES_HOST": "f.example"}
    done = subprocess.run([sys.executable, "-c", ASK], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['a.example', 'b.example', 'f.example'] f.example"


@pytest.mark.parametrize(("site", "state"), [("a.example", OK), ("f.example", WARN)])
def test_the_doctor_says_from_where_files_are_served(site: str, state: str) -> None:
    findings = {one.key: one for one in machine({"JARLIG_HOSTS": site, "JARLIG_FILES_HOST": "f.example"})}
    assert findings["files_host"].state == state and "f.example" in findings["files_host"].what[1]
    assert "f.example" in findings["hosts"].what[0]
