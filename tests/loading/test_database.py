"""A database as the source: a real PostgreSQL started here, and SQLite for what needs no server."""

import datetime as dt
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings

import toolkit
from toolkit.errors import SourceError
from toolkit.loading.database import read_database

pytest.importorskip("sqlalchemy", reason="SQLAlchemy (the extra 'database') is not installed")

AS_OF = "2026-12-31"
PASSWORD = "S3cr%t:of/the@office"  # with the signs that a URL would misread
EAST = dt.timezone(dt.timedelta(hours=8))
COUNT = 100_000 if settings.get_current_profile_name() == "long" else 20_000
COLUMNS = {
    "工单编号": "text PRIMARY KEY",
    "受理时间": "timestamp",
    "回复时间": "timestamptz",
    "截止时间": "date",
    "承办单位": "text",
    "诉求内容": "text",
    "联系电话": "text",
    "诉求人": "varchar(40)",
    "退单次数": "numeric(8,2)",
    "满意度": "text",
}
UNITS = ["甲镇", "乙乡", "县教育局", "县水务公司"]
TABLES = f"""
    CREATE TABLE work_orders ({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())});
    CREATE VIEW 甲镇工单 AS SELECT 工单编号, 承办单位 FROM work_orders WHERE 承办单位 = '甲镇';
    CREATE SCHEMA archive;
    CREATE TABLE archive.orders AS SELECT 'A1' AS 工单编号;
    CREATE TABLE "工单 2025.03""; DROP TABLE work_orders; --" AS SELECT 'A2' AS 工单编号;
    CREATE TABLE files AS SELECT '甲'::bytea AS 说明, '\\xfffe'::bytea AS 附件, 1.50 AS 金额;
    CREATE SEQUENCE numbers;
"""
SERVER = """
    listen_addresses = '127.0.0.1'
    port = {port}
    unix_socket_directories = ''
    timezone = 'Asia/Shanghai'
    fsync = off
"""


def ticket(number):
    received = dt.datetime(2025, 1, 1, 8) + dt.timedelta(minutes=number)
    return [
        f"GD2025{number:08d}",
        received,
        (received + dt.timedelta(days=2)).replace(tzinfo=EAST) if number % 7 else None,
        received.date() + dt.timedelta(days=5),
        UNITS[number % len(UNITS)],
        f"第{number}号路灯不亮；50%的路段\t'受影响'，\n请尽快处理",
        f"139{number % 1000:08d}",  # a caller calls again: to hash each costs a fifth of a millisecond
        f"王{number}",
        number % 4,
        "满意" if number % 3 else None,
    ]


# --- the server ------------------------------------------------------------------------------------


def find_programs():
    """The folder of initdb and pg_ctl: on the path, else the newest where Debian puts them."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return Path(on_path).parent if on_path else next(reversed(debian), None)


def server_owner():
    """PostgreSQL refuses to run as root: its own user then runs it, or nobody."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    return (
        "postgres"
        if re.search("^postgres:", Path("/etc/passwd").read_text(encoding="utf-8"), re.MULTILINE)
        else "nobody"
    )


def run(*command, cwd):
    subprocess.run(command, check=True, cwd=cwd, stdout=subprocess.DEVNULL, user=server_owner())


def make_cluster(programs, folder):
    """An empty server that asks for passwords; its port."""
    (folder / "password").write_text(PASSWORD)
    if owner := server_owner():
        shutil.chown(folder, owner)
        shutil.chown(folder / "password", owner)
    options = ["--auth=scram-sha-256", "--pwfile=password", "--encoding=UTF8", "--locale=C", "--no-sync"]
    run(programs / "initdb", "--pgdata=data", "--username=hotline", *options, cwd=folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(SERVER.format(port=port))
    return port


@pytest.fixture(scope="session")
def port():
    """The port of a PostgreSQL that lives as long as the tests."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: no initdb on the path")
    pytest.importorskip("psycopg", reason="psycopg (the extra 'database') is not installed")
    # Not pytest's own folder: it is closed to other users, and root's server runs as another.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        port = make_cluster(programs, Path(name))
        run(programs / "pg_ctl", "start", "--wait", "--pgdata=data", "--log=log", cwd=name)
        yield port
        run(programs / "pg_ctl", "stop", "--pgdata=data", "--mode=immediate", cwd=name)


@pytest.fixture(scope="session")
def connection(port):
    """An administrator's connection to the server, with 100,000 tickets in its table."""
    import psycopg

    with psycopg.connect(
        host="127.0.0.1", port=port, user="hotline", password=PASSWORD, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(TABLES)
        with connection.cursor().copy("COPY work_orders FROM STDIN") as copy:
            for number in reversed(range(COUNT)):
                copy.write_row(ticket(number))
        yield connection


@pytest.fixture
def postgres(port, connection, monkeypatch):
    """The mapping without table or query, and the password where it belongs."""
    monkeypatch.setenv("HOTLINE_DB_PASSWORD", PASSWORD)
    return {"database": f"postgresql+psycopg://hotline@127.0.0.1:{port}/postgres"}


def refusal(source):
    """The message with which a source is refused; the password stands nowhere, nor in the traceback."""
    with pytest.raises(SourceError) as caught:
        read_database(source)
    told = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in told and "S3cr" not in told
    return str(caught.value)


# --- PostgreSQL ------------------------------------------------------------------------------------


def test_a_table_gives_every_row_as_written_in_the_order_of_its_key(postgres, port):
    sheet = read_database(postgres | {"table": "work_orders"})
    assert (sheet.file, sheet.name) == (f"postgresql://127.0.0.1:{port}/postgres", "work_orders")
    assert sheet.rows[0] == list(COLUMNS)
    assert len(sheet.rows) == COUNT + 1
    assert all(row == ticket(number) for number, row in enumerate(sheet.rows[1:]))
    first = dict(zip(sheet.rows[0], sheet.rows[2], strict=True))
    assert first["回复时间"].utcoffset() == dt.timedelta(hours=8)
    assert type(first["退单次数"]) is int


def test_a_table_loads_as_tickets_and_none_is_lost(postgres):
    loaded = toolkit.load(postgres | {"table": "work_orders"}, AS_OF, key=b"k")
    account = loaded.account.iloc[0]
    assert (account["read"], account["tickets"], len(loaded.tickets)) == (COUNT, COUNT, COUNT)
    assert str(loaded.tickets["replied_at"][1]) == "2025-01-03 08:01:00"
    assert loaded.tickets["source_row"].tolist() == list(range(2, COUNT + 2))


@pytest.mark.parametrize(
    ("what", "count"),
    [
        ({"table": "甲镇工单"}, COUNT // 4),
        ({"table": "archive.orders"}, 1),
        ({"table": '工单 2025.03"; DROP TABLE work_orders; --'}, 1),
        ({"query": "-- 乙乡\nSELECT * FROM work_orders WHERE 承办单位 = '乙乡'"}, COUNT // 4),
        ({"query": "WITH few AS (SELECT * FROM work_orders LIMIT 9) SELECT 工单编号 FROM few;"}, 9),
        ({"query": "SELECT 1 AS 工单编号 WHERE ':a' LIKE ':%' AND '%s' <> '%(b)s' AND 5 % 2 = 1"}, 1),
    ],
)
def test_views_schemas_odd_names_and_queries_are_read_as_they_stand(postgres, what, count):
    rows = read_database(postgres | what).rows
    assert (rows[0][0], len(rows)) == ("工单编号", count + 1)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("DELETE FROM work_orders", "begins with SELECT or WITH"),
        ("SELECT 1; DELETE FROM work_orders", "one statement"),
        ("SELECT 1; COMMIT; DROP TABLE work_orders", "one statement"),
        ("WITH gone AS (DELETE FROM work_orders RETURNING *) SELECT * FROM gone", "data-modifying"),
        ("SELECT nextval('numbers')", "read-only transaction"),
        ("SELECT set_config('transaction_read_only', 'off', false), nextval('numbers')", "read-write mode"),
        ("SELECT * INTO copied FROM work_orders", "INTO"),
    ],
)
def test_what_would_write_is_refused_and_nothing_is_written(postgres, connection, query, words):
    state = (
        "SELECT (SELECT count(*) FROM work_orders), (SELECT is_called FROM numbers), count(*) FROM pg_class"
    )
    before = connection.execute(state).fetchall()
    assert words in refusal(postgres | {"query": query})
    assert connection.execute(state).fetchall() == before


def test_fractions_stay_and_bytes_are_text_or_refused_with_their_place(postgres):
    sheet = read_database(postgres | {"query": "SELECT 说明, 金额 FROM files"})
    assert sheet.rows[1] == ["甲", Decimal("1.50")]
    assert "column '附件', row 2: bytes that are no UTF-8 text" in refusal(postgres | {"table": "files"})


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (
            {"table": "work_order"},
            "no table or view 'work_order' in postgresql://.*Did you mean 'work_orders'",
        ),
        ({"table": "archive.order"}, "Did you mean 'archive.orders'"),
        ({"table": "x"}, "no table or view 'x' in .* It has: files, work_orders"),
        ({"query": "SELECT 工单号 FROM work_orders"}, 'query of .* cannot be read: column "工单号" does not'),
    ],
)
def test_a_wrong_name_is_told_with_what_there_is(postgres, what, words):
    assert re.search(words, refusal(postgres | what))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("127.0.0.1", "nowhere.invalid", "nowhere.invalid"),
        (r":\d+/", ":1/", "refused"),
        ("/postgres$", "/nothing", 'database "nothing" does not exist'),
        ("hotline@", "other@", 'password authentication failed for user "other"'),
        ("/postgres$", "/postgres?sslmod=no", "sslmod"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told(postgres, old, new, words):
    told = refusal({"database": re.sub(old, new, postgres["database"]), "table": "work_orders"})
    assert told.startswith("cannot connect to postgresql://") and words in told
    assert "password in the environment variable HOTLINE_DB_PASSWORD" in told


def test_a_wrong_password_is_told_and_not_shown(postgres, monkeypatch):
    monkeypatch.setenv("HOTLINE_DB_PASSWORD", f"{PASSWORD}x")
    told = refusal(postgres | {"table": "work_orders"})
    assert 'password authentication failed for user "hotline"' in told


def test_a_password_in_the_databases_own_words_is_hidden(postgres):
    told = refusal(postgres | {"query": f"SELECT '{PASSWORD}'::int"})
    assert 'invalid input syntax for type integer: "***"' in told


def test_the_password_may_come_from_another_variable_or_the_drivers_own(postgres, monkeypatch):
    few = postgres | {"query": "SELECT 1 AS 工单编号"}
    monkeypatch.delenv("HOTLINE_DB_PASSWORD")
    assert "HOTLINE_DB_PASSWORD, which is not set" in refusal(few)
    monkeypatch.setenv("COUNTY_PASSWORD", PASSWORD)
    assert len(read_database(few | {"password_from": "COUNTY_PASSWORD"}).rows) == 2
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert len(read_database(few).rows) == 2


# --- any database, by SQLite -----------------------------------------------------------------------


@pytest.fixture
def lite(tmp_path):
    """A file of SQLite with a table without a key."""
    path = tmp_path / "工单 1.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE 工单 (工单编号, 受理时间, 承办单位)")
        file.executemany(
            "INSERT INTO 工单 VALUES (?, ?, ?)", [(f"A{n}", "不详", None) for n in range(12_000)]
        )
    return {"database": f"sqlite:///{path.as_posix()}"}


def test_a_table_without_a_key_is_read_in_chunks_as_it_stands(lite):
    sheet = read_database(lite | {"table": "工单"})
    assert (sheet.file, sheet.name, len(sheet.rows)) == ("sqlite:///工单 1.db", "工单", 12_001)
    assert sheet.rows[-1] == ["A11999", "不详", None]


def test_the_digest_tells_whether_the_rows_have_changed(lite):
    few, more = (read_database(lite | {"query": f"SELECT * FROM 工单 LIMIT {n}"}).digest for n in (8, 9))
    assert few != more
    assert few == read_database(lite | {"query": "SELECT * FROM 工单 LIMIT 8"}).digest


def test_a_missing_file_is_told_and_not_made(tmp_path):
    path = tmp_path / "none.db"
    told = refusal({"database": f"sqlite:///{path.as_posix()}", "table": "工单"})
    assert "cannot connect to sqlite:///none.db: unable to open database file" in told
    assert not path.exists()


# --- what stands under `source:` -------------------------------------------------------------------

HERE = {"database": "sqlite:///a.db", "table": "t"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tabel": "t"}, "'source.tabel' is not a setting. Did you mean 'table'"),
        ({"password": PASSWORD}, "'source.password' is not a setting. Did you mean 'password_from'"),
        ({"query": "SELECT 1"}, "either 'table' or 'query', found both"),
        ({"table": None}, "either 'table' or 'query', found neither"),
        ({"table": "", "query": "SELECTED"}, "begins with SELECT or WITH"),
        ({"password_from": PASSWORD}, "'password_from' is the name of an environment variable"),
        ({"database": f"postgresql+psycopg://u:{PASSWORD}@h/d"}, "'database' holds a password: take it out"),
        ({"database": f"postgresql+psycopg://u@h/d?password={PASSWORD}"}, "'database' holds a password"),
        ({"database": f"postgresql+psycopg://u:{PASSWORD}@h:x/d"}, "'database' "),
        ({"database": f"u:{PASSWORD}@h"}, "write it like postgresql+psycopg://user@host:5432/database"),
        ({"database": [f"u:{PASSWORD}@h"]}, "'database' is no database's URL"),
        (
            {"database": "postgre://u@h/d"},
            "'postgre' is no kind of database known here. Did you mean 'postgre",
        ),
    ],
)
def test_a_mistake_in_the_mapping_is_named_without_the_password(change, words):
    assert words in refusal(HERE | change)


def test_every_mistake_is_named_at_once():
    told = refusal({"database": f"u:{PASSWORD}@h", "query": "DROP TABLE t"})
    assert "no database's URL" in told and "begins with SELECT" in told


@pytest.mark.parametrize(
    ("module", "url"),
    [
        ("psycopg", "postgresql+psycopg://hotline@10.0.0.5/tickets"),
        ("pymysql", "mysql+pymysql://hotline@10.0.0.5:3306/tickets?charset=utf8mb4"),
        ("sqlalchemy", "postgresql+psycopg://hotline@10.0.0.5/tickets"),
    ],
)
def test_a_missing_driver_is_told_with_the_command_that_brings_it(monkeypatch, module, url):
    monkeypatch.setitem(sys.modules, module, None)
    told = refusal({"database": url, "table": "work_orders"})
    assert module in told.lower()
    assert "pip install 'hotline-supervision-toolkit[database]'" in told


def test_importing_the_toolkit_does_not_import_sqlalchemy():
    script = "import sys, toolkit.loading.database; print('sqlalchemy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "False"
