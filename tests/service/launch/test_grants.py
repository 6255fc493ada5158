"""Migrating gives the login its roles and limits, and nothing that it would have without becoming somebody."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest
from tests.service.launch.helpers import bad, looked_at

from jarlig.service.launch import grants
from jarlig.service.launch.cluster import LOGIN, OWNER, Cluster
from jarlig.service.launch.finding import MEND, OK
from jarlig.service.launch.login_checks import fitness
from jarlig.service.launch.reaching import connect


def test_granting_again_needs_nothing(served: Cluster) -> None:
    assert grants.give(*served.addresses("served")) == []


def test_the_login_may_become_each_role_and_inherits_none(served: Cluster) -> None:
    with closing(served.superuser("served")) as connection:
        listed = grants.roles(connection)
        ask = "SELECT pg_has_role(%s, %s, 'MEMBER'), pg_has_role(%s, %s, 'USAGE')"
        assert len(listed) >= 3
        for role in listed:
            assert connection.execute(ask, [LOGIN, role, LOGIN, role]).fetchone() == (True, False)


def test_a_lost_grant_and_a_loosened_limit_are_seen_and_mended(served: Cluster) -> None:
    with closing(connect(served.addresses("served")[0], grants.OWNER)) as connection:
        role = grants.roles(connection)[0]
        connection.execute(f"REVOKE {role} FROM {LOGIN}".encode())
        connection.execute(f"ALTER ROLE {LOGIN} SET lock_timeout = '1h'".encode())
    finding = looked_at(served)["roles"]
    assert finding.state == MEND
    assert role in finding.what[1] and "lock_timeout" in finding.what[1]
    assert len(grants.give(*served.addresses("served"))) == 2
    assert looked_at(served)["roles"].state == OK


def test_a_login_that_inherits_is_seen_and_mended_by_migrating(served: Cluster) -> None:
    """Whatever it inherits it reads without saying for whom: by its own attribute on 15, by each grant from 16 on."""
    owner, address = served.addresses("served")
    with closing(served.superuser()) as connection:
        role = "jarlig_person"
        connection.execute(f"ALTER ROLE {LOGIN} INHERIT")
    try:
        assert "noinherit" in bad(fitness(address))
        assert f'ALTER ROLE "{LOGIN}" NOINHERIT' in grants.give(owner, address)
        with closing(connect(owner, grants.OWNER)) as connection:
            if connection.info.server_version >= 160_000:
                connection.execute(f"GRANT {role} TO {LOGIN} WITH INHERIT TRUE, SET TRUE")
                assert f'GRANT "{role}" TO "{LOGIN}" WITH INHERIT FALSE, SET TRUE' in grants.missing(connection, LOGIN)
                found = bad(fitness(address))["inherited"]
                assert f'GRANT "{role}" TO "{LOGIN}" WITH INHERIT FALSE' in found.how[0] and role in found.what[1]
                assert len(grants.give(owner, address)) == 1
        assert bad(fitness(address)) == {}
    finally:
        with closing(served.superuser()) as connection:
            connection.execute(f"ALTER ROLE {LOGIN} NOINHERIT")


def test_an_owner_who_may_not_is_told_what_the_administrator_must_run(served: Cluster) -> None:
    with closing(served.superuser()) as connection:
        connection.execute("DROP ROLE IF EXISTS theirs")
        connection.execute("CREATE ROLE theirs LOGIN NOINHERIT")
        connection.execute(f"ALTER ROLE {OWNER} NOCREATEROLE")
    try:
        owner, login_address = served.addresses("served")
        with pytest.raises(grants.Trouble) as trouble:
            grants.give(owner, login_address.replace(LOGIN, "theirs"))
        assert 'ALTER ROLE "theirs" SET "statement_timeout" = \'10s\';' in trouble.value.en
        assert "请由数据库管理员执行" in trouble.value.zh
    finally:
        with closing(served.superuser()) as connection:
            connection.execute(f"ALTER ROLE {OWNER} CREATEROLE")


def test_a_database_without_the_table_of_roles_is_sent_to_migrate(served: Cluster) -> None:
    served.make_database("empty")
    with pytest.raises(grants.Trouble, match="never migrated"):
        grants.give(*served.addresses("empty"))


def test_a_slow_statement_and_an_idle_transaction_of_the_login_end_by_themselves(served: Cluster) -> None:
    with closing(psycopg.connect(served.addresses("served")[1])) as connection:
        shown = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in grants.LIMITS]
    assert shown == [(value,) for value in grants.LIMITS.values()]
