"""An offer has one route in force in a year, however many persons put routes in force at once."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import before, checks

# Whoever comes second waits here, as the acts do, and reads what the first wrote.
ONE_ROUTE = """
DECLARE other text;
BEGIN
    IF NEW.state = 'in_force' AND OLD.state <> 'in_force' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('catalogue ' || NEW.programme_id, 0));
        SELECT r.name INTO other FROM public.catalogue_route r WHERE r.programme_id = NEW.programme_id
            AND r.year = NEW.year AND r.state = 'in_force' AND r.id <> NEW.id AND r.offers && NEW.offers LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'an offer of this route has the route % in this year', other
                USING ERRCODE = 'check_violation', CONSTRAINT = 'route_offers_once';
        END IF;
    END IF;
    RETURN NEW;
END
"""


class Migration(migrations.Migration):
    """Routes that overlap from before stay; the next that comes in force for one of their offers takes their place."""

    dependencies = [("catalogue", "0005_checked_apart")]
    operations = [
        checks("route_offers_once", ONE_ROUTE),
        before("catalogue_route", "once", "route_offers_once()"),
    ]
