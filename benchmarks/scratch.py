"""A site that exists for one benchmark: a scratch folder, and a scratch database that is dropped afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_site(database: str) -> Iterator[Path]:
    """Django, set up and migrated. On a server, a database named ``test_...`` is made and dropped."""
    with tempfile.TemporaryDirectory(prefix="cohorts-benchmark-") as folder:
        os.environ["EXAMPLE_SITE_DATA"] = folder
        os.environ["EXAMPLE_SITE_DEBUG"] = "0"
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        if database:
            os.environ["EXAMPLE_SITE_DATABASE"] = database
        import django

        django.setup()
        with _database(is_server=bool(database)):
            yield Path(folder)


@contextmanager
def _database(*, is_server: bool) -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connection

    if not is_server:
        call_command("migrate", run_syncdb=True, verbosity=0)
        yield
        connection.close()
        return
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
