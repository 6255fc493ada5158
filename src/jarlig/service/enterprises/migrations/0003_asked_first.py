"""What is decided was asked for first: no row begins with the name of who decided it.

Otherwise whoever asks could write another's name under a decision before there is one, and take it themselves.
"""

from __future__ import annotations

from django.db import migrations

UNSIGNED = """
CREATE FUNCTION jarlig.begins_unsigned() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(NEW) ->> TG_ARGV[0] IS NOT NULL THEN
        RAISE EXCEPTION '% begins without a decision', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
SIGNED = {
    "enterprises_letter": "decided_by_id",
    "enterprises_dispute": "decided_by_id",
    "enterprises_account": "confirmed_by_id",
    "enterprises_renaming": "decided_by_id",
}


class Migration(migrations.Migration):
    """One function, one trigger a table."""

    dependencies = [("enterprises", "0002_guards")]
    operations = [
        migrations.RunSQL([(UNSIGNED, None)], "DROP FUNCTION jarlig.begins_unsigned()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_begins BEFORE INSERT ON {table} FOR EACH ROW"
                f" EXECUTE FUNCTION jarlig.begins_unsigned('{column}')",
                f"DROP TRIGGER {table}_begins ON {table}",
            )
            for table, column in SIGNED.items()
        ),
    ]
