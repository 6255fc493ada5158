"""The doctor says what is wrong, why it matters and how to mend it; the login that serves must be powerless."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from tests.service.launch.helpers import ROOT, bad, looked_at, told

from jarlig.service.launch import database_checks, grants, machine_checks
from jarlig.service.launch.cluster import LOGIN, OWNER, SUPERUSER, Cluster, binaries
from jarlig.service.launch.doctor import as_json, as_text, examine, must_mend
from jarlig.service.launch.finding import INFO, MEND, OK, WARN, Finding
from jarlig.service.launch.login_checks import fitness
from jarlig.service.launch.reaching import connect


def login(cluster: Cluster, name: str, powers: str = "NOINHERIT", database: str = "served") -> str:
    """The address of a further login with those powers."""
    with closing(cluster.superuser()) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {name}")
        connection.execute(f"CREATE ROLE {name} LOGIN {powers}")
        connection.execute(f"GRANT CONNECT ON DATABASE {database} TO {name}")
    return cluster.addresses(database)[1].replace(LOGIN, name)


# The login ------------------------------------------------------------------------------------------------------------


def test_the_right_login_is_fit(served: Cluster) -> None:
    findings = fitness(served.addresses("served")[1])
    assert {finding.state for finding in findings} == {OK}
    assert "the login jarlig_login has no power of its own" in [finding.what[1] for finding in findings]


@pytest.mark.parametrize(
    ("powers", "key", "zh", "en", "order"),
    [
        ("SUPERUSER", "nosuperuser", "是超级用户", "no right and no row security holds it", "NOSUPERUSER"),
        ("BYPASSRLS", "nobypassrls", "行级安全约束不了它", "row security does not hold it", "NOBYPASSRLS"),
        ("CREATEROLE", "nocreaterole", "可以给自己授权", "could give itself rights", "NOCREATEROLE"),
        ("INHERIT", "noinherit", "未声明身份的查询", "names nobody would be answered", "NOINHERIT"),
    ],
)
def test_a_login_with_power_of_its_own_is_refused_with_the_order_that_mends_it(
    served: Cluster, powers: str, key: str, zh: str, en: str, order: str
) -> None:
    extra = "" if powers == "INHERIT" else "NOINHERIT"
    finding = bad(fitness(login(served, f"too_{key}", f"{powers} {extra}")))[key]
    assert zh in finding.what[0]
    assert en in finding.what[1]
    assert f'ALTER ROLE "too_{key}" {order}' in finding.how[0]
    assert f'ALTER ROLE "too_{key}" {order}' in finding.how[1]


def test_the_order_really_mends_it(served: Cluster) -> None:
    address = login(served, "mended", "BYPASSRLS NOINHERIT")
    order = bad(fitness(address))["nobypassrls"].how[1].partition("run: ")[2]
    with closing(served.superuser()) as connection:
        connection.execute(order.encode())
    assert "nobypassrls" not in bad(fitness(address))


@pytest.mark.parametrize("how", ["as the owner", "as one who may become the owner"])
def test_the_owner_in_disguise_is_refused(served: Cluster, how: str) -> None:
    address = served.addresses("served")[0]
    if how != "as the owner":
        address = login(served, "heir")
        with closing(served.superuser()) as connection:
            connection.execute(f"GRANT {OWNER} TO heir")
    finding = bad(fitness(address))["owner"]
    assert f"所有者 {OWNER}" in finding.what[0]
    assert "use another login in JARLIG_DATABASE_URL" in finding.how[1]


def test_a_login_that_may_become_somebody_strong_is_refused(served: Cluster) -> None:
    address = login(served, "climber")
    with closing(served.superuser()) as connection:
        connection.execute("GRANT pg_read_all_data TO climber")
    finding = bad(fitness(address))["strong_role"]
    assert 'REVOKE "pg_read_all_data" FROM "climber"' in finding.how[1]


def test_a_login_without_limits_and_roles_is_sent_to_migrate(served: Cluster) -> None:
    findings = bad(fitness(login(served, "bare")))
    assert "statement_timeout, lock_timeout, idle_in_transaction_session_timeout" in findings["limits"].what[1]
    assert "jarlig migrate" in findings["limits"].how[0]
    assert "holds no role yet" in findings["prepared"].what[1]


# Reaching it ----------------------------------------------------------------------------------------------------------


def sentence(address: str) -> Finding:
    (finding,) = fitness(address)
    assert finding.state == MEND
    return finding


def test_a_wrong_password_is_told_and_never_repeated(served: Cluster) -> None:
    address = login(served, "guarded", "NOINHERIT PASSWORD 'right'")
    rules = served.data / "pg_hba.conf"
    rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
    with closing(served.superuser()) as connection:
        connection.execute("SELECT pg_reload_conf()")
    assert fitness(address.replace("guarded@", "guarded:right@"))[0].key != "login"
    for password in ("", ":wr%2Fong"):
        finding = sentence(address.replace("guarded@", f"guarded{password}@"))
        assert "JARLIG_DATABASE_URL: the password of guarded is wrong" in finding.what[1]
        assert "密码不对" in finding.what[0]
        assert "wr/ong" not in finding.what[0] + finding.what[1]


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    finding = sentence("postgresql://jarlig_login@127.0.0.1:1/served")
    assert "the database server at 127.0.0.1:1 does not answer" in finding.what[1]
    assert "没有应答" in finding.what[0]
    assert "does not answer" in sentence(f"postgresql://jarlig_login@/served?host={tmp_path}").what[1]


def test_a_database_a_login_or_a_right_to_enter_that_is_missing_is_named(served: Cluster) -> None:
    address = served.addresses("served")[1]
    assert (
        "there is no database elsewhere on the server" in sentence(address.replace("/served?", "/elsewhere?")).what[1]
    )
    assert "服务器上没有登录名 nobody_here" in sentence(address.replace(LOGIN, "nobody_here")).what[0]
    stranger = login(served, "outside")
    with closing(served.superuser()) as connection:
        connection.execute("REVOKE CONNECT ON DATABASE served FROM outside")
    assert "GRANT CONNECT ON DATABASE served TO outside" in sentence(stranger).what[1]


@pytest.mark.parametrize("address", ["mysql://x@y/z", "postgresql://nobody", "postgresql://a@b:port/c", ""])
def test_an_address_that_is_none_is_told_by_the_name_of_its_setting(address: str) -> None:
    assert sentence(address).what[1].startswith("JARLIG_DATABASE_URL ")


# The database ---------------------------------------------------------------------------------------------------------


def test_a_migrated_database_lacks_nothing_but_what_tests_switch_off(served: Cluster) -> None:
    findings = looked_at(served)
    assert [key for key, finding in findings.items() if finding.state != OK] == ["durable"]
    assert "fsync, full_page_writes, synchronous_commit is off" in findings["durable"].what[1]
    assert findings["migrations"].what[1] == "all migrations are applied"


def test_a_database_that_was_never_migrated_says_how_many_and_what_to_run(served: Cluster) -> None:
    served.make_database("unmigrated")
    findings = looked_at(served, "unmigrated")
    assert findings["migrations"].state == MEND
    assert "migrations are not applied" in findings["migrations"].what[1]
    assert findings["migrations"].how == ("请执行 jarlig migrate", "run jarlig migrate")
    assert findings["prepared"].state == MEND


def test_two_addresses_of_two_databases_are_told(served: Cluster) -> None:
    served.make_database("another")
    finding = looked_at(served, owner=served.addresses("another")[0])["same_database"]
    assert finding.state == MEND
    assert "两个地址指向不同的数据库" in finding.what[0]
    assert "migrations would go elsewhere" in finding.how[1]


def test_an_owner_that_is_a_superuser_is_noted(served: Cluster) -> None:
    findings = looked_at(served, owner=served.addresses("served")[0].replace(OWNER, SUPERUSER))
    assert findings["owner"].state == WARN
    assert "CREATEROLE" in findings["owner"].how[1]


def test_without_the_owners_address_the_rest_is_still_looked_at(served: Cluster) -> None:
    findings = looked_at(served, owner="")
    assert findings["owner_address"].state == WARN
    assert findings["encoding"].state == OK
    assert "migrations" not in findings


def test_an_owner_that_cannot_come_in_is_told_by_the_name_of_its_setting(served: Cluster) -> None:
    finding = looked_at(served, owner="postgresql://x@127.0.0.1:1/y")["owner_address"]
    assert finding.state == MEND
    assert finding.what[1].startswith("JARLIG_OWNER_DATABASE_URL:")


def test_another_encoding_is_told(served: Cluster) -> None:
    with closing(served.superuser()) as connection:
        connection.execute("CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        connection.execute(f"GRANT CONNECT ON DATABASE bytes TO {LOGIN}")
    finding = looked_at(served, "bytes")["encoding"]
    assert finding.state == MEND
    assert "编码是 SQL_ASCII" in finding.what[0]


def test_a_clock_that_is_apart_is_told_in_seconds(served: Cluster) -> None:
    with closing(connect(served.addresses("served")[0], grants.OWNER)) as connection:
        connection.execute("CREATE SCHEMA late")
        connection.execute(
            "CREATE FUNCTION late.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
            " $$ SELECT pg_catalog.clock_timestamp() - interval '90 s' $$"
        )
        connection.execute("SET search_path = late, pg_catalog")
        finding = database_checks._clock(connection)
        connection.execute("DROP SCHEMA late CASCADE")
    assert finding.state == MEND
    assert "90 s apart" in finding.what[1]


def test_a_database_that_fails_while_it_is_looked_at_is_told_after_what_was_seen(served: Cluster) -> None:
    served.make_database("fragile", template="served")
    with closing(served.superuser("fragile")) as connection:
        connection.execute("REVOKE SELECT ON jarlig.roles FROM jarlig_owner")
    findings = looked_at(served, "fragile")
    assert findings["database"].state == MEND
    assert "failed while it was looked at: permission denied for table roles" in findings["database"].what[1]
    assert findings["encoding"].state == OK


def test_missing_checksums_are_told_and_the_command_adds_them(tmp_path: Path) -> None:
    cluster = Cluster(binaries({}), tmp_path / "state", durable=False)
    for words, well in (("--disable", MEND), ("--enable", OK)):
        with cluster:
            pass
        command = [cluster.binaries / "pg_checksums", words, "-D", cluster.data]
        assert cluster.account.start(command, stdout=-3).wait() == 0
        with cluster, closing(cluster.superuser()) as connection:
            found = {finding.key: finding for finding in database_checks._safety(connection)}
        assert found["checksums"].state == well
        assert "pg_checksums --enable" in found["checksums"].how[1] or well == OK


# The machine ----------------------------------------------------------------------------------------------------------

FIT = {
    "JARLIG_DATABASE_URL": "postgresql://a@b/c",
    "JARLIG_SECRET_KEY": "0123456789" * 5,
    "JARLIG_DATA_KEY": base64.b64encode(bytes(32)).decode(),
}


def machine(tmp_path: Path, **settings: str) -> dict[str, Finding]:
    told = {**FIT, "JARLIG_FILES": str(tmp_path), **settings}
    return {finding.key: finding for finding in machine_checks.machine(told) if finding.state in (MEND, WARN)}


def test_a_fit_machine_has_nothing_to_mend(tmp_path: Path) -> None:
    assert MEND not in {finding.state for finding in machine(tmp_path).values()}


@pytest.mark.parametrize(
    ("settings", "key", "en"),
    [
        ({"JARLIG_SECRET_KEY": ""}, "settings", "JARLIG_SECRET_KEY is not set"),
        ({"JARLIG_HTTPS": "yes"}, "settings", "JARLIG_HTTPS must be 1 or 0"),
        ({"JARLIG_SECRET_KEY": "short"}, "secret_key", "has 5 characters"),
        ({"JARLIG_SECRET_KEY": "x" * 60}, "secret_key", "repeats the same ones"),
        ({"JARLIG_DATA_KEY": "c2hvcnQ="}, "data_key", "is not 32 bytes in base64"),
        ({"JARLIG_DATA_KEY": "密钥"}, "data_key", "is not 32 bytes in base64"),
        ({"JARLIG_DATABSE_URL": "x"}, "settings", "there is no setting JARLIG_DATABSE_URL"),
        ({"JARLIG_FILES": __file__ + "/files"}, "files", "cannot be written"),
    ],
)
def test_what_is_wrong_with_a_setting_is_told(tmp_path: Path, settings: dict[str, str], key: str, en: str) -> None:
    finding = machine(tmp_path, **settings)[key]
    assert en in finding.what[1]
    assert finding.how[0] and finding.how[1]


def test_an_old_python_is_told(tmp_path: Path) -> None:
    first = next(machine_checks.machine(FIT, version=(3, 9)))
    assert (first.state, first.what[1]) == (MEND, "Python 3.9 is too old")


def test_a_disk_that_fills_up_is_noted_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "USED", 0.0)
    (finding,) = machine_checks.files(tmp_path / "not" / "there" / "yet")
    assert finding.state == WARN
    assert "Make room" in finding.how[1]


def test_a_style_sheet_that_was_not_made_is_told_where_there_are_sources(tmp_path: Path) -> None:
    assert [*machine_checks.styles(tmp_path)] == []
    (tmp_path / "assets.py").touch()
    (tmp_path / "static").mkdir()
    assert [finding.state for finding in machine_checks.styles(tmp_path)] == [MEND]
    (tmp_path / "static" / "a.css").touch()
    assert [finding.state for finding in machine_checks.styles(tmp_path)] == [OK]


def test_a_catalogue_that_is_not_compiled_or_says_something_else_is_told(tmp_path: Path) -> None:
    assert [*machine_checks.languages(tmp_path)] == []
    source, compiled = tmp_path / "zh" / "django.po", tmp_path / "zh" / "django.mo"
    source.parent.mkdir()
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("page", "页面")
    catalogue.add("still without Chinese")
    source.write_text('msgid "page"\nmsgstr "页面"\n\nmsgid "still without Chinese"\nmsgstr ""\n')
    assert "zh/django.po" in next(machine_checks.languages(tmp_path)).what[1]
    with compiled.open("wb") as opened:
        write_mo(opened, catalogue)
    assert [finding.state for finding in machine_checks.languages(tmp_path)] == [OK]
    source.write_text('msgid "page"\nmsgstr "网页"\n')
    assert [finding.state for finding in machine_checks.languages(tmp_path)] == [MEND]


# The whole ------------------------------------------------------------------------------------------------------------


def test_the_report_has_each_finding_with_its_remedy_and_a_sum(served: Cluster) -> None:
    above, below = served.addresses("served")
    findings = examine(ROOT / "var", {**told(below), "JARLIG_OWNER_DATABASE_URL": above})
    assert must_mend(findings)
    english, chinese = as_text(findings, "en"), as_text(findings, "zh")
    assert "mend  fsync, full_page_writes, synchronous_commit is off\n      → a loss of power" in english
    assert english.splitlines()[-1].startswith(f"{len(bad(findings))} to mend")
    assert "须改  fsync、full_page_writes" in chinese
    read = json.loads(as_json(findings))
    assert read["fit"] is False
    assert {one["state"] for one in read["findings"]} <= {OK, WARN, MEND, INFO}
    assert all(one["what"]["zh"] and one["what"]["en"] for one in read["findings"])


def test_all_well_is_said_in_one_line() -> None:
    assert as_text([Finding("python", OK, ("Python 3.11", "Python 3.11"))], "zh").endswith("\n\n一切正常")


def test_neither_settings_nor_a_running_database_is_told_with_what_to_do(tmp_path: Path) -> None:
    finding = bad(examine(tmp_path, {}))["database"]
    assert "start jarlig up first" in finding.how[1]
    assert "--state" in finding.how[0]
    assert "--state" in finding.how[1]
    (tmp_path / "pgdata").mkdir()
    (tmp_path / "keys").write_text("".join(f"{name}={FIT[name]}\n" for name in list(FIT)[1:]))
    assert "no database runs on" in bad(examine(tmp_path, {}))["database"].what[1]
