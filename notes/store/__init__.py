"""The only SQL: one module per noun, each of functions over a SQLAlchemy `Connection` that `Store` hands out.

SQLite or PostgreSQL, by URL. Importing this package imports neither; alembic is imported by `engine.upgrade` only.
"""
