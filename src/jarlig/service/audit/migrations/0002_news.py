"""Whoever puts the log in order hears of acts when they are kept."""

from __future__ import annotations

from django.db import migrations

NEWS = """
CREATE FUNCTION jarlig.tell_of_act() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_notify('jarlig_act', '');
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    """One word a transaction, however many acts it has; it is heard after the commit."""

    dependencies = [("audit", "0001_log")]
    operations = [
        migrations.RunSQL([(NEWS, None)], "DROP FUNCTION jarlig.tell_of_act()"),
        migrations.RunSQL(
            "CREATE TRIGGER audit_act_news AFTER INSERT ON audit_act FOR EACH STATEMENT"
            " EXECUTE FUNCTION jarlig.tell_of_act()",
            "DROP TRIGGER audit_act_news ON audit_act",
        ),
    ]
