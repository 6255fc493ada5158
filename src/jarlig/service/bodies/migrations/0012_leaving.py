"""Whoever has ended all that they held says by themself that they leave."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations import RunSQL

# An administrator who leaves ends their own seat, and with it sits nowhere: nothing is left to administer from.
STATE = """
CREATE OR REPLACE FUNCTION jarlig.person_state() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (jarlig.holds('administrator') AND jarlig.person_wholly_within(NEW.id)){more} THEN
        RAISE EXCEPTION 'who leaves or comes back is said by an administrator of all their seats'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'person_state';
    END IF;
    RETURN NEW;
END $$
"""
OWN = """
        AND NOT (NEW.state = 'left' AND NEW.id = jarlig.person()
            AND NOT EXISTS (SELECT FROM public.bodies_seat s WHERE s.person_id = NEW.id AND s.state = 'held')
            AND NOT EXISTS (SELECT FROM public.bodies_deputy d WHERE d.person_id = NEW.id AND NOT d.is_ended))"""


class Migration(migrations.Migration):
    """The other way round, the person first, the database would hide the seats before they have ended."""

    dependencies = [("bodies", "0011_commitments")]
    operations = [RunSQL(STATE.format(more=OWN), STATE.format(more=""))]
