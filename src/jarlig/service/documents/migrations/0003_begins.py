"""A file is handed in now and nobody has scanned it yet, whatever the row says that is sent."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations import RunSQL

# What may be handed in within a day is counted from these instants; an act and its rows share one of the transaction.
BEGINS = """
CREATE FUNCTION jarlig.file_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE began timestamptz := jarlig.now() - (clock_timestamp() - transaction_timestamp());
BEGIN
    IF NEW.scanned_at IS NOT NULL OR NEW.reason <> '' THEN
        RAISE EXCEPTION 'a file begins without the word of a scanner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_begins';
    END IF;
    IF NEW.uploaded_at < began OR NEW.uploaded_at > jarlig.now() THEN NEW.uploaded_at := jarlig.now(); END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    """One function, one trigger."""

    dependencies = [("documents", "0002_guards")]
    operations = [
        RunSQL(
            [(BEGINS, None), ("CREATE TRIGGER documents_file_begins BEFORE INSERT ON documents_file FOR EACH ROW"
                              " EXECUTE FUNCTION jarlig.file_begins()", None)],
            "DROP FUNCTION jarlig.file_begins() CASCADE",
        )
    ]  # fmt: skip
