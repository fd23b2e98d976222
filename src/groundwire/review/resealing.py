"""What was stored in the clear, or under an earlier key, is encrypted with the present one."""

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.review.database import SEALED, Database
from groundwire.review.erasing import scrub, to_scrub
from groundwire.review.sealing import FIELD
from groundwire.review.tables import decisions, meta, proposals, reports, search, views

AT_ONCE = 200

_SEALED = ((reports, ("salt", "body", "request")), (decisions, ("salt", "words")), (proposals, ("salt", "words")))


def reseal(database: Database) -> int:
    """Encrypt all content anew, and drop the words that were searchable. Returns how many rows were encrypted.

    It may be broken off and begun again. Raises: InputError where no key is given.
    """
    if database.seal is None:
        raise InputError(FIELD, "it is not set.", "os.environ/NAME or a file")
    total = sum(_resealed(database, table, names) for table, names in _SEALED)
    with database.writing() as connection:
        connection.execute(sa.delete(search))
        connection.execute(sa.delete(views).where(views.c.query.contains("text=")))  # words, and of no use any more
        to_scrub(connection)
        mine = meta.c.key == SEALED
        connection.execute(sa.update(meta).where(mine).values(value=database.seal.close(SEALED)))
    scrub(database)
    return total


def _resealed(database: Database, table: sa.Table, names: tuple[str, ...]) -> int:
    count = last = 0
    query = sa.select(table.c.number, *(table.c[name] for name in names)).order_by(table.c.number).limit(AT_ONCE)
    changed = sa.update(table).where(table.c.number == sa.bindparam("row"))
    while True:
        with database.writing() as connection:
            rows = connection.execute(query.where(table.c.number > last)).all()
            if not rows:
                return count
            values = [{"row": row.number, **{name: row._mapping[name] for name in names}} for row in rows]
            connection.execute(changed.values({name: sa.bindparam(name) for name in names}), values)
        count, last = count + len(rows), rows[-1].number
