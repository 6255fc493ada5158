"""The act log: exact bytes, one order, one tree, and what shows when something in it was changed."""

from __future__ import annotations

import hashlib
import hmac
import json
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError
from hypothesis import given, strategies as st
from tests.service.people import installation

from jarlig.service.audit.models import Act, Head, Leaf
from jarlig.service.audit.order import Fault, faults, put_in_order
from jarlig.service.audit.record import record
from jarlig.service.audit.tree import EMPTY, grown, leaf_hash, node_hash, root
from jarlig.service.bodies.models import Area, Person
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.launch.cluster import Cluster

WORKER = Who(role="jarlig_worker")


def test_an_act_carries_who_did_what_to_which_thing_and_what_changed(db: None) -> None:
    made = installation()
    with made.sits("root") as seat:
        record("rename", Area.objects.get(), before={"name_en": ""}, after={"name_en": "X"}, reason="asked")
        act = Act.objects.get(act="rename")
        said = json.loads(bytes(act.data))
        assert (act.person, act.seat, act.thing) == (seat.person_id, seat.id, "bodies.area")
        assert (said["before"], said["after"], said["reason"]) == ({"name_en": ""}, {"name_en": "X"}, "asked")
        assert UUID(said["id"]) == act.id and said["area"] == Area.objects.get().path


def test_an_act_in_another_name_is_refused(db: None) -> None:
    made = installation()
    with pytest.raises(DatabaseError, match="row-level security"), made.sits("root") as seat:
        first = Act.objects.get()
        data = {**json.loads(bytes(first.data)), "id": str(seat.id), "person": str(first.id)}
        Act(id=seat.id, data=json.dumps(data).encode(), at=first.at, act="", thing="").save(force_insert=True)


@pytest.mark.parametrize("role", ["jarlig_gate", "jarlig_worker"])
def test_neither_the_sign_in_nor_a_job_writes_in_the_name_of_a_person(db: None, role: str) -> None:
    made = installation()
    with pytest.raises(DatabaseError, match="row-level security"), acting(Who(role=role)):
        identity, person = uuid4(), made.seats["root"].person_id
        said = {"id": str(identity), "act": "x", "at": now().isoformat(), "person": str(person), "thing": "x",
                "thing_id": "x", "area": ""}  # fmt: skip
        Act(id=identity, data=json.dumps(said).encode(), at=now(), act="", thing="").save(force_insert=True)


def test_the_columns_are_what_the_bytes_say(db: None) -> None:
    made = installation()
    with made.sits("root") as seat:
        one = record("look", Area.objects.get())
        data = json.loads(bytes(Act.objects.get(id=one).data))
        data["id"], data["act"] = str(seat.id), "truth"
        Act(id=seat.id, data=json.dumps(data).encode(), at=Act.objects.get(id=one).at, act="a lie", thing="none").save(
            force_insert=True
        )
        assert Act.objects.get(id=seat.id).act == "truth" and Act.objects.get(id=seat.id).thing == "bodies.area"


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_act SET act = ''", "DELETE FROM audit_act", "TRUNCATE audit_act CASCADE"]
)
def test_not_even_the_owner_changes_a_row_by_a_slip(own_db: str, server: Cluster, statement: str) -> None:
    installation()
    with psycopg.connect(server.addresses(own_db)[0]) as owner, pytest.raises(psycopg.Error):
        owner.execute("ALTER TABLE audit_act NO FORCE ROW LEVEL SECURITY")
        owner.execute(statement)


def test_personal_values_are_committed_with_a_key_that_nobody_reads(db: None, server: Cluster) -> None:
    made = installation()
    with made.sits("root") as seat:
        person = Person.objects.get(id=seat.person_id)
        personal = {"phone": person.id}
        told = [record("tell", person, after={"phone": phone}, personal=personal) for phone in ("1", "1", "2")]
        texts = [json.loads(bytes(Act.objects.get(id=one).data))["after"]["phone"]["committed"] for one in told]
        assert texts[0] == texts[1] != texts[2] and len(texts[0]) == 64


def test_a_commitment_is_an_hmac(own_db: str, server: Cluster) -> None:
    made = installation()
    with made.sits("root") as seat:
        person = Person.objects.get(id=seat.person_id)
        one = record("tell", person, after={"phone": "138"}, personal={"phone": person.id})
        found = json.loads(bytes(Act.objects.get(id=one).data))["after"]["phone"]["committed"]
    with server.superuser(own_db) as root_:
        inner = root_.execute("SELECT \"inner\" FROM audit_key WHERE subject = %s", [seat.person_id]).fetchone()[0]
    secret = bytes(byte ^ 0x36 for byte in inner)
    assert hmac.new(secret, b'"138"', hashlib.sha256).hexdigest() == found


def test_acts_get_dense_numbers_and_the_tree_its_root(db: None) -> None:
    made = installation()
    with made.sits("root"):
        for _ in range(4):
            record("look", Area.objects.get())
    with acting(WORKER):
        assert put_in_order(2) == 2 and put_in_order(100) == 3 and put_in_order() == 0
        assert list(Leaf.objects.order_by("number").values_list("number", flat=True)) == [0, 1, 2, 3, 4]
        hashes = [leaf_hash(bytes(act.data)) for act in Act.objects.order_by("leaf__number")]
        assert bytes(Head.objects.order_by("-size")[0].root) == by_halves(hashes)
        assert faults() == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE audit_act SET data = set_byte(data, 5, get_byte(data, 5) # 1) WHERE id = %s", "bytes are not"),
        ("UPDATE audit_leaf SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE act_id = %s", "root is not"),
        ("DELETE FROM audit_leaf WHERE act_id = %s", "number is missing"),
    ],
)
def test_what_the_superuser_changes_is_named(own_db: str, server: Cluster, statement: str, what: str) -> None:
    made = installation()
    with made.sits("root"):
        for _ in range(5):
            record("look", Area.objects.get())
    with acting(WORKER):
        put_in_order()
        third = Leaf.objects.get(number=2).act_id
    with server.superuser(own_db) as root_:
        root_.execute("SET session_replication_role = replica")
        root_.execute(statement, [third])
        root_.commit()
    with acting(WORKER):
        found = faults()
    assert found and any(what in fault.what for fault in found) and min(fault.number for fault in found) >= 2


def test_a_tail_that_was_cut_off_shows(own_db: str, server: Cluster) -> None:
    installation()
    with acting(WORKER):
        put_in_order()
    with server.superuser(own_db) as root_:
        root_.execute("SET session_replication_role = replica")
        root_.execute("DELETE FROM audit_leaf")
        root_.commit()
    with acting(WORKER):
        assert faults()[0] == Fault(1, "leaves are missing")


def by_halves(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(by_halves(leaves[:half]), by_halves(leaves[half:]))


@given(st.lists(st.integers(0, 9), max_size=40))
def test_a_tree_grown_in_any_steps_is_that_of_the_standard(steps: list[int]) -> None:
    edge: list[bytes] = []
    size = 0
    leaves: list[bytes] = []
    for step in steps:
        fresh = [leaf_hash(bytes([size % 251, more])) for more in range(step)]
        edge, size = grown(edge, size, fresh)
        leaves += fresh
        assert root(edge) == by_halves(leaves) and size == len(leaves) and len(edge) == size.bit_count()


def test_known_roots_of_the_standard_test_vectors() -> None:
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    edge, size = grown([], 0, [leaf_hash(bytes.fromhex(text)) for text in inputs])
    assert size == 8
    assert root(edge).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
