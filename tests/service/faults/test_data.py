"""What is missing or damaged in the data: a page that says so and how it is mended, and nothing computed from it."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from tests.service.catalogue.office import in_force, office
from tests.service.people import installation

from jarlig.service.catalogue.loading import forget
from jarlig.service.launch.cluster import Cluster

OURS = override_settings(ROOT_URLCONF="tests.service.faults.addresses")
LANGUAGES = [("zh-hans", "日历"), ("en", "calendar")]


def ask(address: str, language: str = "zh-hans") -> tuple[int, str]:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = language
    response = client.get(address)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(("language", "word"), LANGUAGES)
def test_a_year_without_a_calendar_is_a_page_that_names_the_year(own_db: str, language: str, word: str) -> None:
    installation()
    with OURS:
        status, said = ask("/workdays/2031/", language)
    assert status == 409 and "2031" in said and word in said.lower()


def test_damaged_files_of_a_programme_are_a_page_and_not_a_wrong_answer(own_db: str, server: Cluster) -> None:
    made = office()
    programme = in_force(made)
    address = f"/programmes/{programme.key}/"
    assert ask(address)[0] == 200
    change(server, own_db, "data || '\\x20'::bytea")
    forget()  # as in a process that was started since
    status, said = ask(address)
    assert status >= 400 and ("恢复" in said or "不是导入" in said or "不一致" in said), said.split("<main")[-1][:600]
    change(server, own_db, "substring(data from 1 for length(data) - 1)")
    assert ask(address)[0] == 200


def change(server: Cluster, name: str, data: str) -> None:
    """Changes a stored file together with its hash, as only a superuser can."""
    with server.superuser(name) as root:
        root.execute("SET session_replication_role = replica")
        root.execute(
            f"UPDATE catalogue_file SET data = {data}, sha256 = encode(sha256({data}), 'hex')"  # type: ignore[arg-type]
            " WHERE name = 'programme.yaml'"
        )
        root.commit()
