"""The databases that the tests are given are fresh and empty, on SQLite and on PostgreSQL."""

import sqlite3
from contextlib import closing

import psycopg
import pytest


def make_table(url: str) -> None:
    """Make a table that must not exist yet."""
    path = url.removeprefix("sqlite:///")
    if path != url:
        with closing(sqlite3.connect(path)) as file:
            file.execute("CREATE TABLE seen (number int)")
    else:
        with psycopg.connect(url) as server:
            server.execute("CREATE TABLE seen (number int)")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_a_fresh_database(database_url: str, turn: str) -> None:
    assert turn
    make_table(database_url)


def test_a_table_made_twice_is_seen(database_url: str) -> None:
    make_table(database_url)
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.DuplicateTable)):
        make_table(database_url)
