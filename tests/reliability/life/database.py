"""Django for a long run outside pytest, and a database that lives as long as the run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


def prepare() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.reliability.life.settings"
    import django

    django.setup()


@contextmanager
def own_database(url: str, *, shard: int) -> Iterator[str]:
    """Tables made from the models, in memory or beside the named database; yields the server's name and version."""
    if url != "sqlite":
        os.environ["RELIABILITY_DATABASE"] = url
        os.environ["RELIABILITY_NAME"] = f"{url.rpartition('/')[2]}_life_{shard}"
    prepare()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)
