"""Nothing happens to an enterprise, its people or its account without the paper or decision that it stands on.

Row security says who may change a row; the triggers here say on what ground, by reading the other rows themselves.
"""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import also, before, checks, function, policy

ASKERS = ("jarlig_person", "jarlig_gate", "jarlig_public", "jarlig_worker")
ACTORS = ("jarlig_person", "jarlig_gate")

# The clock of the service may run ahead of the server's: both ends of the span are read from the latter.
RECENT = "SELECT moment >= jarlig.now() - (clock_timestamp() - transaction_timestamp())"

# A name under a decision is written by the change that takes the decision, by whoever takes it, and then it stays.
SIGNED_BY_STATE = """
BEGIN
    IF to_jsonb(NEW) -> TG_ARGV[0] IS DISTINCT FROM to_jsonb(OLD) -> TG_ARGV[0] AND NOT (
        OLD.state <> TG_ARGV[1] AND NEW.state = TG_ARGV[1]
        AND (to_jsonb(NEW) ->> TG_ARGV[0])::uuid IS NOT DISTINCT FROM jarlig.person())
    THEN
        RAISE EXCEPTION '% of % is whoever brings it there', TG_ARGV[0], TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_by_state';
    END IF;
    RETURN NEW;
END
"""
# Arguments: the states, joined by commas, in which the columns that follow may still change.
KEPT_OUTSIDE = """
DECLARE name text;
BEGIN
    IF OLD.state <> ALL (string_to_array(TG_ARGV[0], ',')) THEN
        FOREACH name IN ARRAY TG_ARGV[1:] LOOP
            IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
                RAISE EXCEPTION '% of % no longer changes', name, TG_TABLE_NAME
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'kept_outside';
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END
"""
# Arguments: a column, and the states upon whose coming an instant is written there: one of this transaction, or now.
STAMPED = """
DECLARE given timestamptz := (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz;
BEGIN
    IF NEW.state <> OLD.state AND NEW.state = ANY (TG_ARGV[1:]) THEN
        IF given <= jarlig.now() AND jarlig.in_this_transaction(given) THEN RETURN NEW; END IF;
        RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], jarlig.now()));
    ELSIF to_jsonb(NEW) -> TG_ARGV[0] IS DISTINCT FROM to_jsonb(OLD) -> TG_ARGV[0] THEN
        RAISE EXCEPTION '% of % is written by the clock', TG_ARGV[0], TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stamped';
    END IF;
    RETURN NEW;
END
"""
# Somebody else who signs, or whose letter waits; or a dispute that is open.
RIVALLED = """
    SELECT EXISTS (SELECT FROM public.enterprises_dispute d WHERE d.claimant_id = membership AND d.state = 'open')
        OR EXISTS (
            SELECT FROM public.enterprises_membership m JOIN public.enterprises_membership o
                ON o.enterprise_id = m.enterprise_id AND o.id <> m.id AND o.role = 'signatory'
            WHERE m.id = membership AND (o.state = 'accepted' OR (o.state = 'asked' AND EXISTS (
                SELECT FROM public.enterprises_letter l WHERE l.membership_id = o.id AND l.state = 'waiting'))))
"""
MAY_SIGN = """
    SELECT EXISTS (
        SELECT FROM public.enterprises_dispute d WHERE d.claimant_id = membership AND d.state = 'decided'
        AND d.upheld IN ('claimant', 'both') AND d.decided_by_id = jarlig.person())
    OR (NOT jarlig.rivalled(membership) AND (
        EXISTS (SELECT FROM public.enterprises_letter l WHERE l.membership_id = membership AND l.state = 'accepted'
                AND l.decided_by_id = jarlig.person())
        OR (jarlig.is_my_membership(membership) AND jarlig.has_proof(membership))))
"""
IS_NO_MORE = "SELECT e.state IN ('merged', 'closed') FROM public.enterprises_enterprise e WHERE e.id = enterprise"
# Whoever decided for the claimant ends, in the same transaction, what the others held.
JUST_OVERTURNED = """
    SELECT EXISTS (SELECT FROM public.enterprises_dispute d WHERE d.enterprise_id = enterprise AND d.state = 'decided'
        AND d.upheld = 'claimant' AND d.decided_by_id = jarlig.person() AND jarlig.in_this_transaction(d.decided_at))
"""
MEMBERSHIP = """
DECLARE
    own boolean := NEW.person_id = jarlig.person();
    manages boolean := NOT own AND OLD.role <> 'signatory'
        AND NEW.enterprise_id IN (SELECT jarlig.my_enterprises_as('signatory'));
    grounded boolean;
BEGIN
    IF NEW.role <> OLD.role AND NOT (OLD.state = 'asked' AND NEW.state = 'accepted' AND NEW.role <> 'signatory') THEN
        RAISE EXCEPTION 'a place keeps its role' USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_role_kept';
    END IF;
    IF NEW.state = OLD.state THEN RETURN NEW; END IF;
    grounded := CASE NEW.state
        WHEN 'accepted' THEN CASE OLD.role WHEN 'signatory' THEN NEW.role = 'signatory' AND jarlig.may_sign(NEW.id)
                                           ELSE manages END
        WHEN 'refused' THEN manages
            OR EXISTS (SELECT FROM public.enterprises_letter l WHERE l.membership_id = NEW.id AND l.state = 'refused'
                       AND l.decided_by_id = jarlig.person())
            OR EXISTS (SELECT FROM public.enterprises_dispute d WHERE d.claimant_id = NEW.id AND d.state = 'decided'
                       AND d.upheld = 'holders' AND d.decided_by_id = jarlig.person())
        WHEN 'ended' THEN own OR manages OR jarlig.is_no_more(NEW.enterprise_id)
            OR (OLD.state = 'accepted' AND jarlig.just_overturned(NEW.enterprise_id))
        END;
    IF grounded IS NOT TRUE THEN
        RAISE EXCEPTION 'a place becomes % on a letter, a proof or a decision', NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_grounds';
    END IF;
    RETURN NEW;
END
"""
MEMBERSHIP_BEGINS = """
BEGIN
    IF NEW.uscc IS DISTINCT FROM (SELECT e.uscc FROM public.enterprises_enterprise e WHERE e.id = NEW.enterprise_id) THEN
        RAISE EXCEPTION 'the code is that of the enterprise'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_code';
    END IF;
    RETURN NEW;
END
"""
# Two mergers at once wait for each other at the enterprise that remains, and the second reads what the first wrote.
ENTERPRISE = """
BEGIN
    IF OLD.state = 'draft' THEN
        IF NEW.state <> 'draft' AND NOT EXISTS (SELECT FROM public.enterprises_membership m
            WHERE m.enterprise_id = NEW.id AND m.state = 'accepted') THEN
            RAISE EXCEPTION 'somebody speaks for it first'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'enterprise_grounds';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.name <> OLD.name AND NOT (NEW.state = 'active' AND EXISTS (
        SELECT FROM public.enterprises_renaming r WHERE r.enterprise_id = NEW.id AND r.state = 'accepted'
        AND r.former = OLD.name AND r.name = NEW.name AND r.decided_by_id = jarlig.person()
        AND jarlig.in_this_transaction(r.decided_at))) THEN
        RAISE EXCEPTION 'a name is changed by a renaming that is accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enterprise_renaming';
    END IF;
    IF NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('enterprise ' || NEW.merged_into_id, 0));
        IF NOT (OLD.state = 'active' AND NEW.state = 'merged' AND jarlig.at_the_top() AND NEW.id <> NEW.merged_into_id
            AND NOT jarlig.has_stake(NEW.id) AND NOT jarlig.has_stake(NEW.merged_into_id)
            AND EXISTS (SELECT FROM public.enterprises_enterprise e
                        WHERE e.id = NEW.merged_into_id AND e.state = 'active')) THEN
            RAISE EXCEPTION 'an enterprise is merged by the region into one that is active'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'enterprise_merger';
        END IF;
    END IF;
    IF NEW.state <> OLD.state AND EXISTS (
        SELECT FROM public.enterprises_dispute d WHERE d.enterprise_id = NEW.id AND d.state = 'open') THEN
        RAISE EXCEPTION 'a dispute is open' USING ERRCODE = 'check_violation', CONSTRAINT = 'enterprise_disputed';
    END IF;
    RETURN NEW;
END
"""
# People of an enterprise make their accounts themselves: that two of them are two, their identity numbers say.
ACCOUNT = """
DECLARE own boolean := NEW.enterprise_id IN (SELECT jarlig.my_enterprises_as('signatory', 'member'));
BEGIN
    IF NEW.state = OLD.state THEN RETURN NEW; END IF;
    IF NEW.state = 'confirmed' AND NOT (
        EXISTS (SELECT FROM public.enterprises_enterprise e WHERE e.id = NEW.enterprise_id AND e.state = 'active')
        AND NOT EXISTS (SELECT FROM public.enterprises_dispute d
                        WHERE d.enterprise_id = NEW.enterprise_id AND d.state = 'open')
        AND (jarlig.receives(NEW.enterprise_id) OR jarlig.known_apart(NEW.asked_by_id, NEW.confirmed_by_id)
             OR NEW.asked_by_id = NEW.confirmed_by_id))  -- which the table itself refuses
    OR NEW.state = 'retired' AND NOT (
        own OR jarlig.is_no_more(NEW.enterprise_id) OR jarlig.just_overturned(NEW.enterprise_id))
    OR NEW.state = 'replaced' AND NOT EXISTS (
        SELECT FROM public.enterprises_account a WHERE a.enterprise_id = NEW.enterprise_id AND a.state = 'asked'
        AND a.asked_by_id <> jarlig.person())
    THEN
        RAISE EXCEPTION 'an account does not become % here', NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_grounds';
    END IF;
    RETURN NEW;
END
"""
# A draft takes the name and area of whoever shows first that they speak for it; showing is a letter handed in.
SETTLE = """
DECLARE m record;
BEGIN
    SELECT * INTO m FROM public.enterprises_membership s WHERE s.id = membership;
    UPDATE public.enterprises_enterprise e SET name = m.stated_name, area_id = m.stated_area_id,
        state = CASE m.state WHEN 'accepted' THEN 'active' ELSE e.state END
    WHERE e.id = m.enterprise_id AND e.state = 'draft' AND (
        m.state = 'accepted' OR (m.person_id = jarlig.person()
            AND EXISTS (SELECT FROM public.enterprises_letter l WHERE l.membership_id = m.id AND l.state = 'waiting')
            AND NOT EXISTS (
                SELECT FROM public.enterprises_letter l JOIN public.enterprises_membership o ON o.id = l.membership_id
                WHERE o.enterprise_id = m.enterprise_id AND o.id <> m.id AND l.state = 'waiting')));
END
"""
# Whoever has only asked gets back what they typed, whether the enterprise was known here or not.
PATH = """
    SELECT CASE WHEN jarlig.within(a.path) OR jarlig.speaks_for(e.id) THEN a.path ELSE (
        SELECT s.path FROM public.enterprises_membership m JOIN public.bodies_area s ON s.id = m.stated_area_id
        WHERE m.enterprise_id = e.id AND m.person_id = jarlig.person() AND m.state = 'asked') END
    FROM public.enterprises_enterprise e JOIN public.bodies_area a ON a.id = e.area_id WHERE e.id = enterprise
"""
DECISION = "'reason', 'decided_at', 'decided_by_id', 'seat_id'"
PLACE = ("state", "role", "mandate", "ends_on", "since", "until", "reason")


class Migration(migrations.Migration):
    """Functions first, then the triggers that call them; triggers run in the order of their names."""

    dependencies = [("enterprises", "0003_asked_first"), ("bodies", "0009_signatures")]
    operations = [
        function("in_this_transaction(moment timestamptz)", "boolean", RECENT, roles=ACTORS, volatile="VOLATILE"),
        function("rivalled(membership uuid)", "boolean", RIVALLED, roles=()),
        function("may_sign(membership uuid)", "boolean", MAY_SIGN, roles=()),
        function("is_no_more(enterprise uuid)", "boolean", IS_NO_MORE, roles=()),
        function("just_overturned(enterprise uuid)", "boolean", JUST_OVERTURNED, roles=(), volatile="VOLATILE"),
        function("settle(membership uuid)", "void", SETTLE, roles=ACTORS, language="plpgsql", volatile="VOLATILE"),
        function("enterprise_path(enterprise uuid)", "text", PATH, roles=ASKERS),
        checks("signed_by_state", SIGNED_BY_STATE),
        checks("kept_outside", KEPT_OUTSIDE),
        checks("stamped", STAMPED),
        checks("membership_grounds", MEMBERSHIP),
        checks("membership_begins", MEMBERSHIP_BEGINS),
        checks("enterprise_grounds", ENTERPRISE),
        checks("account_grounds", ACCOUNT),
        # An officer has nothing to do with an enterprise for which nobody speaks yet: accepting a letter makes it one.
        policy("enterprises_enterprise", "received", using="jarlig.receives(id) AND state = 'active'",
               check="jarlig.receives(id) AND state <> 'draft'"),
        before("enterprises_enterprise", "grounds", "enterprise_grounds()"),
        policy("enterprises_membership", "proved", using="person_id = jarlig.person() AND jarlig.has_proof(id)"
               " AND state = 'asked' AND role = 'signatory'",
               check="person_id = jarlig.person() AND jarlig.has_proof(id) AND state = 'accepted' AND role = 'signatory'"
               " AND NOT jarlig.contested(id)"),
        # Who asked to be appointed and comes with a proof gives that up and asks to sign.
        also("enterprises_membership", "gave_way", "UPDATE", "jarlig_gate",
             using="person_id = jarlig.person() AND state = 'asked'",
             check="person_id = jarlig.person() AND state = 'ended'", columns=PLACE),
        policy("enterprises_membership", "gate_insert",
               check="person_id = jarlig.person() AND state = 'asked' AND role = 'signatory'"),
        policy("enterprises_proof", "gate_insert", check="EXISTS (SELECT FROM enterprises_membership m WHERE"
               " m.id = membership_id AND m.person_id = jarlig.person() AND m.uscc = enterprises_proof.uscc)"),
        before("enterprises_membership", "begins", "membership_begins()", "INSERT"),
        before("enterprises_membership", "grounds", "membership_grounds()"),
        before("enterprises_membership", "kept", "kept_outside('asked', 'mandate', 'ends_on')"),
        before("enterprises_membership", "kept_end", "kept_outside('asked,accepted', 'reason')"),
        before("enterprises_membership", "since", "stamped('since', 'accepted')"),
        before("enterprises_membership", "until", "stamped('until', 'refused', 'ended')"),
        before("enterprises_letter", "kept", f"kept_outside('waiting', {DECISION})"),
        before("enterprises_letter", "when", "stamped('decided_at', 'accepted', 'refused')"),
        before("enterprises_dispute", "kept", f"kept_outside('open', 'upheld', {DECISION})"),
        before("enterprises_dispute", "when", "stamped('decided_at', 'decided')"),
        before("enterprises_renaming", "kept", f"kept_outside('asked', {DECISION})"),
        before("enterprises_renaming", "when", "stamped('decided_at', 'accepted', 'refused')"),
        *(before(f"enterprises_{table}", "seat", "signed_from_own_seat('seat_id', 'decided_by_id')", "INSERT OR UPDATE")
          for table in ("letter", "dispute", "renaming")),
        before("enterprises_account", "grounds", "account_grounds()"),
        before("enterprises_account", "who", "signed_by_state('confirmed_by_id', 'confirmed')"),
        before("enterprises_account", "changed", "stamped('changed_at', 'confirmed')"),
        before("enterprises_account", "ended", "stamped('ended_at', 'refused', 'replaced', 'retired')"),
        before("enterprises_account", "kept", "kept_outside('asked,confirmed', 'reason')"),
        # What is put in force bears the name of whoever puts it in force, from then on and not before.
        *(before(table, "who", "signed_by_state('put_in_force_by_id', 'in_force')")
          for table in ("bodies_calendar", "bodies_text")),
        *(before(table, "begins", "begins_unsigned('put_in_force_by_id')", "INSERT")
          for table in ("bodies_calendar", "bodies_text")),
    ]  # fmt: skip
