"""Who opens the papers of an enterprise: whoever handed them in, who decides on them, and who audits; none with a stake.

An officer who claims an enterprise themselves would otherwise read, from their seat, the letter and name of their rival.
"""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import function, policy

READS = "SELECT jarlig.holds('receiver', 'auditor') AND NOT jarlig.has_stake(enterprise)"
MEMBER_NAME = """
    SELECT p.name FROM public.enterprises_membership m JOIN public.bodies_person p ON p.id = m.person_id
    WHERE m.id = membership AND (m.person_id = jarlig.person()
        OR (m.enterprise_id IN (SELECT jarlig.my_enterprises()) AND (m.state IN ('accepted', 'ended') OR m.role = 'member'))
        OR (m.enterprise_id IN (SELECT jarlig.enterprises_here()) AND jarlig.reads_papers(m.enterprise_id)))
"""
LETTERS = (
    "purpose = 'authorisation' AND EXISTS (SELECT FROM enterprises_letter l WHERE l.file_id = documents_file.id AND"
    " (jarlig.is_my_membership(l.membership_id) OR jarlig.reads_papers(jarlig.enterprise_of(l.membership_id))))"
)
RENAMINGS = (
    "purpose = 'renaming' AND EXISTS (SELECT FROM enterprises_renaming r WHERE r.file_id = documents_file.id AND"
    " (r.enterprise_id IN (SELECT jarlig.my_enterprises()) OR jarlig.reads_papers(r.enterprise_id)))"
)


class Migration(migrations.Migration):
    """Seeing a row of this room is one thing, opening its paper another."""

    dependencies = [("enterprises", "0004_grounds"), ("documents", "0003_begins")]
    operations = [
        function("reads_papers(enterprise uuid)", "boolean", READS, roles=("jarlig_person", "jarlig_gate")),
        function("member_name(membership uuid)", "text", MEMBER_NAME, roles=("jarlig_person", "jarlig_gate")),
        policy("documents_file", "of_letters", using=LETTERS),
        policy("documents_file", "of_renamings", using=RENAMINGS),
    ]
