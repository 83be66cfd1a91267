"""Writes thousands of rows at once: as `bulk_create` and `bulk_update`, without putting an expression together for each
value of each row. COPY and one UPDATE on PostgreSQL, plain statements on SQLite. Triggers and checks hold as ever.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from itertools import chain, islice
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

Field = models.Field[Any, Any]
FEW = 500  # so many are one INSERT of Django's own
ROWS_A_STATEMENT = 400  # on SQLite, where one row a statement takes twice the time
Made = TypeVar("Made", bound=models.Model)
AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField)


@contextmanager
def calm() -> Iterator[None]:
    """Keep the collector out of a piece of work that makes very many objects and no cycles: a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def maker(model: type[Made], **given: object) -> Callable[[], Made]:
    """What makes objects as `model(**given)` does, but asks each field for its default once; `given` by attribute."""
    fields = model._meta.concrete_fields
    values = [given[field.attname] if field.attname in given else field.get_default() for field in fields]
    own = [place for place, value in enumerate(values) if isinstance(value, list | dict)]

    def make() -> Made:
        for place in own:
            values[place] = copy(values[place])
        return model(*values)

    return make


def insert(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model and give them their keys; call it inside a transaction.

    Their `save` and signals are not asked. Times that are set by themselves are the same for all of them.

    Raises:
        IntegrityError: as `bulk_create`.
    """
    if not rows:
        return
    model = type(rows[0])
    if len(rows) <= FEW:
        model._base_manager.bulk_create(rows)
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields = list(model._meta.concrete_fields)
    times = [field.attname for field in fields if _sets_itself(field)]
    now = timezone.now()
    for row, pk in zip(rows, _keys(connection, model, len(rows)), strict=True):
        row.pk = pk
        for name in times:
            setattr(row, name, now)
    _copy(connection, model, fields, _columns(connection, fields, _attributes(rows, fields)))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_values(model: type[models.Model], names: Sequence[str], records: Iterable[Sequence[object]]) -> None:
    """Store new rows that nobody needs as objects: the values of these attributes of each, the defaults of the others.

    A reference is named by its key (`plan_id`).
    """
    columns: list[Sequence[object]] = list(zip(*records, strict=True))
    if not columns:
        return
    connection, now = connections[DEFAULT_DB_ALIAS], timezone.now()
    given = {str(name): column for name, column in zip(names, columns, strict=True)}
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    count = len(columns[0])
    values = [
        given.get(field.attname) or [now if _sets_itself(field) else field.get_default()] * count for field in fields
    ]
    _copy(connection, model, fields, _columns(connection, fields, values))


def update(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Store these fields of rows of one model that stand already; call it inside a transaction."""
    if not rows:
        return
    connection, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    key = _key(model)
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields: list[Field] = [key, *(by_name[name] for name in names)]
    quote = connection.ops.quote_name
    table, pk, *columns = map(quote, (model._meta.db_table, *(str(field.column) for field in fields)))
    values = _columns(connection, fields, _attributes(rows, fields))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            given = ", ".join(f"%s::{_travels_as(connection, field)}[]" for field in fields)
            assigned = ", ".join(f"{column} = new.{column}" for column in columns)
            cursor.execute(
                f"UPDATE {table} SET {assigned} FROM unnest({given}) AS new({pk}, {', '.join(columns)})"  # noqa: S608
                f" WHERE {table}.{pk} = new.{pk}",
                values,
            )
        else:
            assigned = ", ".join(f"{column} = %s" for column in columns)
            sql = f"UPDATE {table} SET {assigned} WHERE {pk} = %s"  # noqa: S608
            cursor.executemany(sql, cast("Any", zip(*values[1:], values[0], strict=True)))


def _copy(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    fields: Sequence[Field],
    values: Sequence[Sequence[object]],
) -> None:
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    records = zip(*values, strict=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                for record in records:
                    stream.write_row(record)
        else:
            marks = f"({', '.join(['%s'] * len(fields))})"
            while batch := list(islice(records, ROWS_A_STATEMENT)):
                sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * len(batch))}"  # noqa: S608
                cursor.execute(sql, list(chain.from_iterable(batch)))


def _key(model: type[models.Model]) -> Field:
    key = model._meta.pk
    assert key is not None
    return key


def _keys(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> list[int]:
    """The next primary keys. On SQLite there is one writer, which is us."""
    table, pk = model._meta.db_table, str(_key(model).column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, pk, count])
            return [row[0] for row in cursor.fetchall()]
        quote = connection.ops.quote_name
        cursor.execute(
            f"SELECT max((SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s),"  # noqa: S608
            f" (SELECT coalesce(max({quote(pk)}), 0) FROM {quote(table)}))",
            [table],
        )
        last = int(cursor.fetchone()[0])
        return list(range(last + 1, last + 1 + count))


def _travels_as(connection: BaseDatabaseWrapper, field: Field) -> str:
    """The type of an array of its values. A text too long for its column is refused there; a cast would cut it."""
    return "text" if isinstance(field, models.CharField) else str(field.cast_db_type(connection))


def _sets_itself(field: Field) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _attributes(rows: Sequence[models.Model], fields: Sequence[Field]) -> Iterator[list[object]]:
    for field in fields:
        name = field.attname
        yield [getattr(row, name) for row in rows]


def _columns(
    connection: BaseDatabaseWrapper, fields: Sequence[Field], columns: Iterable[Sequence[object]]
) -> list[list[object]]:
    """The values of each field as the database takes them."""
    found = []
    for field, values in zip(fields, columns, strict=True):
        if isinstance(field, models.JSONField):
            found.append([field.get_db_prep_save(value, connection) for value in values])
            continue
        memo, plain = _Memo(field, connection), (str, int) if isinstance(field, AS_THEY_ARE) else ()
        found.append([value if type(value) in plain else memo[value] for value in values])
    return found


class _Memo(dict[Any, Any]):
    """What a field stores for a value; the same value is asked for once."""

    def __init__(self, field: Field, connection: BaseDatabaseWrapper) -> None:
        super().__init__()
        self.field, self.connection = field, connection

    def __missing__(self, value: Any) -> Any:
        found = self.field.get_db_prep_save(value, self.connection)
        # A member of an enumeration is text and yet of another type, and the items of an array are of one.
        self[value] = found = str.__str__(found) if isinstance(found, str) else found
        return found
