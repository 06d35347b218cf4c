"""SQLite's full-text table, which Wagtail makes in a migration and `--nomigrations` leaves as a plain one."""

from __future__ import annotations

from django.db import connections

ENTRIES = "wagtailsearch_indexentry"
TABLE = f"{ENTRIES}_fts"
COLUMNS = "title, body, autocomplete"
STATEMENTS = (
    f"DROP TABLE {TABLE}",
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(autocomplete, body, title)",
    f"CREATE TRIGGER {TABLE}_insert AFTER INSERT ON {ENTRIES} BEGIN "
    f"INSERT INTO {TABLE}({COLUMNS}, rowid) VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id); END",
    f"CREATE TRIGGER {TABLE}_update AFTER UPDATE ON {ENTRIES} BEGIN UPDATE {TABLE} "
    "SET title=NEW.title, body=NEW.body, autocomplete=NEW.autocomplete WHERE rowid=NEW.id; END",
    f"CREATE TRIGGER {TABLE}_delete AFTER DELETE ON {ENTRIES} BEGIN DELETE FROM {TABLE} WHERE rowid=OLD.id; END",
)


def create_full_text_table(using: str) -> None:
    """Nothing to do on other databases, or when the migration has run."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [TABLE])
        found = cursor.fetchone()
        if found is None or found[0].upper().startswith("CREATE VIRTUAL"):
            return
        for statement in STATEMENTS:
            cursor.execute(statement)
