"""How long the public pages take, a programme and the front page, beside a view that does nothing, in one process.

    PYTHONPATH=src python bench/service.py [--requests N] [--json FILE]

All go through every middleware of the service over a real PostgreSQL, made for the run; they take turns, so that noise
of the machine hits all alike. What tells is the ratio: figures of one machine say little of another.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

KEY, LANGUAGES, WARM = "nmg-ecommerce-2022", ("zh-hans", "en"), 20


def main() -> int:
    """Measures and prints."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requests", type=int, default=500)
    asked.add_argument("--json", type=Path)
    options = asked.parse_args()
    from jarlig.service.launch.cluster import Cluster, binaries

    with tempfile.TemporaryDirectory() as state, Cluster(binaries(), Path(state), durable=False) as cluster:
        cluster.make_database("bench")
        _settle(cluster, state)
        found = _measured(options.requests)
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


def _settle(cluster: Any, state: str) -> None:
    """A migrated database, the settings, and a programme in force, by acts alone."""
    owner, login = cluster.addresses("bench")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="jarlig.service.config.settings", JARLIG_SECRET_KEY="of a bench " * 6,
        JARLIG_DATA_KEY=base64.b64encode(bytes(32)).decode(), JARLIG_DATABASE_URL=login, JARLIG_HTTPS="0",
        JARLIG_HOSTS="testserver", JARLIG_FILES=state,
    )  # fmt: skip
    env = {**os.environ, "JARLIG_OWNER_DATABASE_URL": owner, "JARLIG_ACTS_AS_OWNER": "1"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
    import psycopg

    with psycopg.connect(owner, autocommit=True) as database:
        how = " WITH INHERIT FALSE, SET TRUE" if database.info.server_version >= 160_000 else ""
        for (role,) in database.execute("SELECT name FROM jarlig.roles").fetchall():
            database.execute(f"GRANT {role} TO jarlig_login{how}")
    import django

    django.setup()
    from django.conf import settings
    from django.http import HttpRequest, HttpResponse
    from django.urls import include, path

    def empty(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("")

    addresses = ModuleType("bench_urls")
    addresses.urlpatterns = [path("empty/", empty), path("", include("jarlig.service.config.urls"))]  # type: ignore[attr-defined]
    sys.modules["bench_urls"] = addresses
    settings.ROOT_URLCONF = "bench_urls"
    _put_in_force()


def _put_in_force() -> None:
    from jarlig.service.bodies.acts.appoint import appoint
    from jarlig.service.bodies.acts.found import Founder, found
    from jarlig.service.bodies.models import Person
    from jarlig.service.catalogue.acts.import_programme import import_at_once
    from jarlig.service.catalogue.acts.put_in_force import put_in_force
    from jarlig.service.catalogue.models import Version
    from jarlig.service.ground.context import Who, acting

    with acting(Who(role="jarlig_gate")):
        root = found("内蒙古自治区", "150000", "自治区商务厅", Founder("甲", "first", "a long and quiet evening"))
    seats = {}
    with acting(Who(role="jarlig_person", person=root.person_id, seat=root.id)):
        for role in ("author", "publisher"):
            person = Person(name=role)
            person.save(force_insert=True)
            seats[role] = appoint(person, root.body, root.area, role)
    author, publisher = (
        Who("jarlig_person", seats[role].person_id, seats[role].id) for role in ("author", "publisher")
    )
    with acting(author):
        version = import_at_once(shipped_as=KEY)
    with acting(publisher):
        put_in_force(Version.objects.get(pk=version.pk))


def _measured(requests: int) -> dict[str, Any]:
    from django.test import Client

    pages = {"empty": "/empty/", **dict.fromkeys(LANGUAGES, f"/programmes/{KEY}/")}
    pages |= {f"front {language}": "/" for language in LANGUAGES}
    clients = {name: Client() for name in pages}
    for name, client in clients.items():
        language = name.rpartition(" ")[2]
        client.cookies["django_language"] = language if language in LANGUAGES else LANGUAGES[0]
    taken: dict[str, list[float]] = {name: [] for name in pages}
    sizes = {}
    for turn in range(requests + WARM):
        for name, path in pages.items():
            start = time.perf_counter()
            answer = clients[name].get(path)
            seconds = time.perf_counter() - start
            assert answer.status_code == 200, (path, answer.status_code)
            sizes[name] = len(answer.content)
            if turn >= WARM:
                taken[name].append(seconds * 1_000)
    found: dict[str, Any] = {"requests": requests, "programme": KEY, "pages": {}}
    for name, times in taken.items():
        ranked = sorted(times)
        found["pages"][name] = {
            "bytes": sizes[name], "median_ms": round(statistics.median(times), 3),
            "p95_ms": round(ranked[int(len(ranked) * 0.95) - 1], 3),
        }  # fmt: skip
    base = found["pages"]["empty"]
    for name, page in found["pages"].items():
        if name == "empty":
            continue
        page["p95_ratio"] = round(page["p95_ms"] / base["p95_ms"], 2)
        page["median_ratio"] = round(page["median_ms"] / base["median_ms"], 2)
    return found


if __name__ == "__main__":
    sys.exit(main())
