"""A PostgreSQL database that takes no changes for the time being says so; a mistake is told."""

from contextlib import closing

import psycopg
import pytest

from workflow.model.errors import Unavailable
from workflow.store import meta
from workflow.store.database import Database

from .builders import opened

pytestmark = pytest.mark.postgres


def test_whoever_writes_to_what_can_only_be_read_is_told_so(postgres_url: str) -> None:
    with opened(postgres_url):
        name = postgres_url.rpartition("/")[2]
        with psycopg.connect(postgres_url, autocommit=True) as server:
            text = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
            server.execute(text.encode())
        with closing(Database(postgres_url)) as late:
            with pytest.raises(Unavailable) as caught, late.writing() as link:
                meta.put(link, "colour", "red")
            assert str(caught.value) == (
                f"the database {late.name} can only be read at present (cannot execute INSERT in a "
                "read-only transaction): try again when it takes changes again"
            )


def test_whoever_writes_while_they_read_has_made_a_mistake(postgres_url: str) -> None:
    with (
        opened(postgres_url) as database,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        database.reading() as link,
    ):
        meta.put(link, "colour", "green")
