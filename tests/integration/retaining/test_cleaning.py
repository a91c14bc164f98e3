"""What was deleted is in no file of the database any more, or it is said that it may be."""

from contextlib import closing

import psycopg
import pytest

from tests.integration.store.builders import opened
from workflow.model.errors import Unavailable
from workflow.store.database import Database
from workflow.store.records import cleaning

USER = "cleaner"


@pytest.mark.postgres
def test_who_may_not_rewrite_the_tables_signs_nothing(postgres_url: str) -> None:
    with opened(postgres_url), psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP ROLE IF EXISTS {USER}".encode())
        server.execute(f"CREATE ROLE {USER} LOGIN".encode())
        with closing(Database(postgres_url.replace("postgres@", f"{USER}@"))) as theirs:
            with pytest.raises(Unavailable) as caught:
                cleaning.clean(theirs)
            assert str(caught.value) == (
                f"the table answer of {theirs.name} still holds what was deleted: only its owner "
                "may rewrite it; let them GRANT their role to this user, or run peer-challenge "
                "tick as them"
            )
            server.execute(f"GRANT postgres TO {USER}".encode())
            cleaning.clean(theirs)
        server.execute(f"DROP ROLE {USER}".encode())
