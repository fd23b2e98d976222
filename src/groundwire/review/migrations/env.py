"""Alembic runs this: the steps are made on the connection, and in the transaction, that `database.py` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
