"""A table or a query of a database → one sheet: read-only, and the password appears nowhere.

SQLAlchemy and the driver are imported on use: who reads files never pays for them.
"""

import hashlib
import os
import re
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import BeforeValidator, model_validator

from toolkit.errors import SourceError, nearest
from toolkit.loading.files import Sheet
from toolkit.loading.rows import gather_rows
from toolkit.settings import Settings, project_path, typed_settings

DIALECTS = ["postgresql+psycopg", "mysql+pymysql", "mariadb+pymysql", "sqlite", "oracle+oracledb"]
INSTALL = "pip install 'hotline-supervision-toolkit[database]' (postgresql+psycopg and mysql+pymysql)"
PATIENT = {"psycopg", "psycopg2", "pymysql", "mysqldb"}  # wait for minutes where a firewall swallows packets
READ_ONLY = dict.fromkeys(["postgresql", "mysql", "mariadb", "oracle"], "SET TRANSACTION READ ONLY")
STREAMED = {"yield_per": 5_000}
SELECT = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:select|with)\b", re.IGNORECASE | re.DOTALL)

# Whatever stands there becomes text, so that no mistake about its type repeats it.
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]


class Database(Settings):
    """Where to read in a database: what stands under `source:` in a run's file, never with a password."""

    database: Text
    table: Text = ""
    query: Text = ""
    password_from: Text = "HOTLINE_DB_PASSWORD"

    @model_validator(mode="after")
    def _can_be_read(self):
        mistakes = [*_url_mistakes(self.database), *_choice_mistakes(self.table, self.query)]
        if not re.fullmatch("[A-Z_][A-Z0-9_]*", self.password_from):  # perhaps the password: not repeated
            mistakes.append("'password_from' is the name of an environment variable, in capital letters")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self


class _Source(Settings):
    source: Database


def read_database(source):
    """A table or a query as a sheet; a table comes in the order of its primary key where it has one.

    source: database, table or query, password_from, as in a run's file. Raises SourceError.
    """
    settings = typed_settings(_Source, {"source": source}, "the database", SourceError).source
    place, variable = _printable(settings.database), settings.password_from
    look = "look at host, port, user, database and the password in the environment variable "
    look += variable if os.environ.get(variable) else f"{variable}, which is not set"
    with _told(settings, f"cannot connect to {place}", look):
        connection = _connect(settings)
    name = settings.table or "query"
    with connection, _told(settings, f"{name} of {place} cannot be read", "correct it, or ask for the right"):
        if connection.dialect.name in READ_ONLY:
            connection.exec_driver_sql(READ_ONLY[connection.dialect.name])
        digest = hashlib.sha256()
        rows = gather_rows(_digest_rows(_read_rows(_execute(connection, settings, place)), digest))
    return Sheet(place, name, rows, digest.hexdigest()[:16])


def _url_mistakes(text):
    """What is wrong with a database's URL, in words that never repeat a password."""
    try:
        from sqlalchemy import exc, make_url
    except ImportError:
        return [f"SQLAlchemy, which reads databases, is not installed: {INSTALL}"]
    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):
        return ["'database' is no database's URL: write it like postgresql+psycopg://user@host:5432/database"]
    mistakes = []
    if url.password is not None or any(re.search(r"pass(?!file)|pwd|odbc", key) for key in url.query):
        mistakes.append("'database' holds a password: take it out and set the environment variable instead")
    try:
        url.get_dialect().import_dbapi()
    except exc.NoSuchModuleError:
        name = url.drivername
        mistakes.append(f"'{name}' is no kind of database known here.{nearest(name, DIALECTS)}")
    except ImportError as error:
        mistakes.append(f"the driver of {url.drivername} is not installed ({error.name or error}): {INSTALL}")
    return mistakes


def _choice_mistakes(table, query):
    if bool(table) == bool(query):
        yield "give either 'table' or 'query', found " + ("both" if table else "neither")
    if query and not SELECT.match(query):
        yield "'query' only reads: it begins with SELECT or WITH"
    # Which ; ends a statement depends on the database's quotes and comments: none is allowed inside.
    if ";" in query.strip().removesuffix(";"):
        yield "'query' is one statement: no ; inside it, not within quotes either"


def _printable(text):
    """The database's name as it may be printed: no user, no password, no folder of this machine."""
    from sqlalchemy import make_url

    url = make_url(text)
    name = (url.database or "") if url.host else Path(url.database or "").name
    return f"{url.get_backend_name()}://{url.host or ''}{f':{url.port}' if url.port else ''}/{name}"


def _connect(settings):
    import sqlalchemy

    url = sqlalchemy.make_url(settings.database)
    if url.get_backend_name() == "sqlite":  # a plain path would make the file where it is missing
        path = project_path(url.database or "").as_uri()
        url = url.set(database=path, query={"mode": "ro", "uri": "true"})
    elif password := os.environ.get(settings.password_from):
        url = url.set(password=password)
    if url.get_driver_name() in PATIENT:
        url = url.update_query_dict({"connect_timeout": "10"} | dict(url.query))
    return sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool).connect()


@contextmanager
def _told(settings, what, advice):
    """An error of the database or its driver as one message: what failed, its words, what to do."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, OSError, RuntimeError) as error:  # a driver's own checks raise RuntimeError
        raise SourceError(f"{what}: {_words(error, settings)}; {advice}") from None


def _words(error, settings):
    """What the driver says, on one line, without the query that it repeats and without any password."""
    said = re.sub(r"LINE \d+:.*\n *\^", "", str(getattr(error, "orig", None) or error))
    for secret in filter(None, map(os.environ.get, [settings.password_from, "PGPASSWORD", "MYSQL_PWD"])):
        for form in (secret, repr(secret)[1:-1], quote(secret, safe="")):
            said = said.replace(form, "***")
    return " ".join(said.split())


def _execute(connection, settings, place):
    import sqlalchemy

    if settings.query:  # as it stands: neither % nor : in it is taken for a parameter
        how = STREAMED | {"no_parameters": True}
        return connection.exec_driver_sql(settings.query.strip().removesuffix(";"), execution_options=how)
    inspector = sqlalchemy.inspect(connection)
    schema, name = _find_table(inspector, settings.table, place)
    key = inspector.get_pk_constraint(name, schema)["constrained_columns"]
    # Not reflected: cells come as the driver gives them, as those of a file come as they stand.
    table = sqlalchemy.table(name, schema=schema)
    select = sqlalchemy.select(sqlalchemy.text("*")).select_from(table).order_by(*map(sqlalchemy.column, key))
    return connection.execute(select, execution_options=STREAMED)


def _find_table(inspector, text, place):
    """Schema and name of a table or view; a dot may be part of the name or follow the schema."""
    schema, _, name = text.rpartition(".")
    for found in ((None, text), (schema or None, name)):
        if inspector.has_table(found[1], schema=found[0]):
            return found
    known = [*inspector.get_table_names(schema or None), *inspector.get_view_names(schema or None)]
    known = sorted(f"{schema}.{word}" if schema else word for word in known)
    hint = nearest(text, known) or f" It has: {', '.join(known[:8]) or 'none'}"
    raise SourceError(f"no table or view '{text}' in {place}.{hint}")


def _read_rows(result):
    header = list(result.keys())
    yield header
    for number, row in enumerate(result, 2):
        yield [_plain(cell, name, number) for cell, name in zip(row, header, strict=True)]


def _digest_rows(rows, digest):
    """The rows, each digested: tells whether they are still those a correction was made from, as a file's digest does."""
    for number, row in enumerate(rows):
        digest.update(("\n" * (number > 0) + repr(row)).encode())
        yield row


def _plain(cell, column, row):
    """Whole decimals as int, bytes as text; MySQL's BIT(1) comes as one byte and is 0 or 1."""
    if isinstance(cell, Decimal) and cell.is_finite() and cell == cell.to_integral_value():
        return int(cell)
    if not isinstance(cell, (bytes, bytearray, memoryview)):
        return cell
    if bytes(cell) in (b"\0", b"\1"):
        return bytes(cell)[0]
    try:
        return bytes(cell).decode()
    except UnicodeDecodeError:
        advice = "leave that column out with 'query'"
        raise SourceError(f"column '{column}', row {row}: bytes that are no UTF-8 text; {advice}") from None
