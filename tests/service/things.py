"""The world of the permission matrix, and how to make what each address is about.

A part that adds an address with parts that vary adds here how to make its thing: a function under the name of the
address that gives those parts. The thing lies in banner X, in the department ``own``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from tests.service.applications.desk import ANSWERS, DECLARED, DOCUMENTS, ROW
from tests.service.catalogue.office import files, packed
from tests.service.conftest import TEMPLATE
from tests.service.documents.made import pdf
from tests.service.enterprises.town import NAME, NUMBER, ROUTING, letter_file, uscc
from tests.service.people import Installation, installation

from jarlig.service.applications.acts.add_claim import add_claim
from jarlig.service.applications.acts.answer_claim import answer_claim
from jarlig.service.applications.acts.answer_file import answer_file
from jarlig.service.applications.acts.attach_evidence import attach_evidence
from jarlig.service.applications.acts.begin_file import begin_file
from jarlig.service.applications.acts.submit_claim import seen_of, submit_claim
from jarlig.service.applications.acts.write_rows import write_rows
from jarlig.service.applications.models import Claim
from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.acts.import_calendar import import_calendar, reference_days
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.acts.make_deputy import make_deputy
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.acts.write_text import write_text
from jarlig.service.bodies.models import Account, Area, Body, Person, Seat, TextBlock
from jarlig.service.bodies.roles import ROLES
from jarlig.service.bodies.sessions import FACTOR, OFFICER, SEAT, SessionStore
from jarlig.service.catalogue.acts.import_programme import import_at_once, import_programme
from jarlig.service.catalogue.acts.import_recognitions import COLUMNS, import_recognitions
from jarlig.service.catalogue.acts.interpret import interpret
from jarlig.service.catalogue.acts.open_window import open_window
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.acts.recognise import recognise
from jarlig.service.catalogue.acts.set_route import set_route
from jarlig.service.catalogue.models import Programme, Version
from jarlig.service.catalogue.sheets import write_sheet
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.add_bank_account import add_bank_account
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.rename_enterprise import rename_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import AuthorisationLetter, Dispute, Membership
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.jobs import JOBS, enqueue
from jarlig.service.launch.cluster import Cluster

GATE = Who(role="jarlig_gate")
#: How a seat lies to the thing.
RELATIONS = ("own", "other department", "other place", "top")


@dataclass(frozen=True)
class Reader:
    """Somebody who asks: role and relation, or ``anonymous`` and ``no seat``."""

    role: str
    relation: str
    session: str = ""
    person: UUID | None = None

    def ask(self, method: str, address: str, language: str = "") -> Any:
        """One request in a browser that has nothing but the session: no earlier answer has left anything there."""
        client = Client(raise_request_exception=False)
        if language:
            client.cookies["django_language"] = language
        if self.session:
            client.cookies["sessionid"] = self.session
        response = getattr(client, method)(address)
        if response.streaming:
            b"".join(response.streaming_content)  # which closes the file
        return response


@dataclass
class World:
    """One installation with a person for each role in each relation."""

    made: Installation
    x: Area
    y: Area
    region: Area
    bodies: dict[str, Body]
    people: dict[str, Person] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)
    things: dict[str, Any] = field(default_factory=dict)


def world() -> World:
    """The installation, made by acts, and a session for everybody."""
    made = installation()
    with made.sits("root"):
        import_areas()
        region = Area.objects.get(level="region")
        first, second = Area.objects.filter(level="league").order_by("division")[:2]
        x = Area.objects.filter(parent=first).earliest("division")
        y = Area.objects.filter(parent=second).earliest("division")
        bodies = {
            "own": make_body(x, "甲旗商务局", department="commerce"),
            "other department": make_body(x, "甲旗财政局", department="finance"),
            "other place": make_body(y, "乙旗商务局", department="commerce"),
            "top": make_body(region, "自治区商务厅", department="commerce"),
        }
        here = World(made, x, y, region, bodies)
        for role in ROLES:
            for relation, body in bodies.items():
                here.people[f"{role} {relation}"] = _officer(made, role, relation, body)
    with acting(GATE):
        account = Account(login="ana")
        account.set_unusable_password()
        here.people["no seat"] = sign_up(account, "敖登", "form").person
    here.readers.append(Reader("anonymous", ""))
    here.readers.append(Reader("no seat", "", *_session(here.people["no seat"], None)))
    for name, seat in made.seats.items():
        if name != "root":
            role, _, relation = name.partition(" ")
            here.readers.append(Reader(role, relation, *_session(here.people[name], seat)))
    return here


def _officer(made: Installation, role: str, relation: str, body: Body) -> Person:
    name = f"{role} {relation}"
    person, _code = invite(name, name.replace(" ", "-"))
    more: dict[str, Any] = {}
    if role == "third_party":
        body = make_body(body.area, f"{relation} 会计师事务所", is_third_party=True)
        more = {"contract": "1", "ends_on": today() + timedelta(days=30)}
    made.seats[name] = appoint(person, body, body.area, role, **more)
    return person


def _session(person: Person, seat: Seat | None) -> tuple[str, UUID]:
    """A session in which that person is signed in, with their second factor shown."""
    with acting(GATE):
        account = Account.objects.get(person=person)
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "jarlig.service.bodies.backend.Passwords"
        store[FACTOR], store[OFFICER] = str(account.pk), seat is not None
        if seat is not None:
            store[SEAT] = str(seat.pk)
        store.create()
    return store.session_key or "", person.pk


@contextmanager
def apart(server: Cluster, name: str) -> Iterator[World]:
    """The world in a database of its own and in one transaction that is never kept."""
    server.make_database(name, template=TEMPLATE)
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    assert settings.TESTS_HOLD_A_TRANSACTION
    with transaction.atomic():
        yield world()
        transaction.set_rollback(True)
    connection.close()
    connection.settings_dict["NAME"] = before
    server.drop_database(name)


Made = Callable[[World], dict[str, Any]]
THINGS: dict[str, Made] = {}
#: Addresses whose thing is the region's, which no seat below it covers.
AT_THE_TOP: set[str] = set()


def thing(*names: str, at_the_top: bool = False) -> Callable[[Made], Made]:
    """Says of which addresses this makes the parts that vary, and whether the thing is the region's."""

    def declare(make: Made) -> Made:
        THINGS.update(dict.fromkeys(names, make))
        AT_THE_TOP.update(names if at_the_top else ())
        return make

    return declare


@thing("account_confirm_email")
def _letter(_: World) -> dict[str, Any]:
    return {"key": "of-no-letter"}


@thing("account_reset_password_from_key")
def _reset(_: World) -> dict[str, Any]:
    return {"uidb36": "x", "key": "of-no-letter"}


@thing("account_invitation")
def _invitation(_: World) -> dict[str, Any]:
    return {"code": "of-no-invitation"}


@thing("openid_connect_login", "openid_connect_callback")
def _provider(_: World) -> dict[str, Any]:
    return {"provider_id": "none"}


@thing("admin-area", "admin-area-change", "admin-area-add")
def _area(here: World) -> dict[str, Any]:
    return {"key": here.x.pk}


@thing("admin-body", "admin-body-change", "admin-body-close")
def _body(here: World) -> dict[str, Any]:
    return {"key": here.bodies["own"].pk}


@thing("admin-person", "admin-invite-again", "admin-reset-factor", "admin-leave", "admin-come-back")
def _person(here: World) -> dict[str, Any]:
    return {"key": here.people["receiver own"].pk}


@thing("admin-seat", "admin-seat-end", "admin-deputy-new")
def _seat(here: World) -> dict[str, Any]:
    return {"key": here.made.seats["receiver own"].pk}


@thing("admin-seat-claims")
def _third_party(here: World) -> dict[str, Any]:
    return {"key": here.made.seats["third_party own"].pk}


def once(make: Callable[[World], Any]) -> Callable[[World], Any]:
    """What several addresses are about is made once."""

    def made(here: World) -> Any:
        if make.__name__ not in here.things:
            here.things[make.__name__] = make(here)
        return here.things[make.__name__]

    return made


@thing("admin-deputy-end")
def _deputy(here: World) -> dict[str, Any]:
    seat, deputy = here.made.seats["receiver own"], here.people["receiver other department"]
    with here.made.sits("root"):
        made = make_deputy(seat, deputy, starts_on=today(), ends_on=today() + timedelta(days=3), reason="年休假")
    return {"key": made.pk}


@thing("admin-calendar", "admin-calendar-in-force", "admin-calendar-discard")
@once
def _calendar(here: World) -> dict[str, Any]:
    with here.made.sits("root"):
        return {"key": import_calendar(2023, "国办发明电〔2022〕16号", *reference_days(2023)).pk}


@once
def _draft(here: World) -> TextBlock:
    with here.made.sits("root"):
        return write_text("home.introduction", "en", "Welcome.")


@thing("admin-text-in-force", "admin-text-discard")
def _text(here: World) -> dict[str, Any]:
    return {"key": _draft(here).pk}


@thing("admin-text")
def _key(here: World) -> dict[str, Any]:
    return {"key": _draft(here).key}


@thing("admin-text-write")
def _key_and_language(here: World) -> dict[str, Any]:
    return {"key": _draft(here).key, "language": "en"}


@thing("admin-acts-export")
def _kind(_: World) -> dict[str, Any]:
    return {"kind": "json"}


@thing("admin-act")
def _act(here: World) -> dict[str, Any]:
    with acting(Who(role="jarlig_worker")):
        return {"key": Act.objects.filter(area=here.x.path).latest("at").pk}


@thing("admin-job-retry")
def _job(here: World) -> dict[str, Any]:
    with here.made.sits("root"):
        number = enqueue(JOBS["clear_sessions"])
    with acting(Who(role="jarlig_worker")), connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
    return {"key": number}


# Ana speaks for an enterprise, whose new name and account wait; bo's letter waits; cy claims what is ana's ------------


@once
def _enterprise(here: World) -> dict[str, Any]:
    people = {"ana": here.people["no seat"]}
    with acting(GATE):
        for login in ("bo", "cy"):
            account = Account(login=login)
            account.set_unusable_password()
            people[login] = sign_up(account, login, "form").person
    ana = _asks(here, people["ana"], 1)
    with here.made.sits("receiver own"):
        accept_letter(AuthorisationLetter.objects.get(pk=ana.pk))
    with acting(Who("jarlig_person", people["ana"].pk)):
        enterprise = Membership.objects.select_related("enterprise").get(person=people["ana"]).enterprise
        account = add_bank_account(enterprise, number=NUMBER, routing=ROUTING, bank="工行", account_name=NAME)
        renaming = rename_enterprise(enterprise, "新名称有限公司", letter_file(), "a.pdf")
    bo = _asks(here, people["bo"], 2)
    cy = _asks(here, people["cy"], 1)
    with here.made.sits("receiver own"):
        dispute = Dispute.objects.get()
    return {"enterprise": enterprise.pk, "place": ana.membership_id, "letter": bo.pk, "disputed": cy.pk,
            "renaming": renaming.pk, "account": account.pk, "dispute": dispute.pk, "file": bo.file_id}  # fmt: skip


def _asks(here: World, person: Person, number: int) -> AuthorisationLetter:
    with acting(Who("jarlig_person", person.pk)):
        membership = register_enterprise(uscc(number), NAME, here.x)
        return upload_letter(membership, letter_file(), "授权委托书.pdf")


@thing("file")
def _file(here: World) -> dict[str, Any]:
    return {"file": _enterprise(here)["file"]}


@thing("file-elsewhere")
def _file_elsewhere(here: World) -> dict[str, Any]:
    return {**_file(here), "key": "of-nobody"}


@thing("enterprise-page", "enterprise-rename", "enterprise-account-add")
def _of_enterprise(here: World) -> dict[str, Any]:
    return {"enterprise": _enterprise(here)["enterprise"]}


@thing("enterprise-place", "enterprise-leave")
def _place(here: World) -> dict[str, Any]:
    return {"place": _enterprise(here)["place"]}


@thing("enterprise-appoint", "enterprise-end")
def _member(here: World) -> dict[str, Any]:
    return {"enterprise": _enterprise(here)["enterprise"], "member": _enterprise(here)["place"]}


@thing("enterprise-account", "enterprise-account-refuse", "enterprise-account-retire")
def _account(here: World) -> dict[str, Any]:
    return {"enterprise": _enterprise(here)["enterprise"], "account": _enterprise(here)["account"]}


@thing("workbench-account", "workbench-account-refuse")
def _waiting_account(here: World) -> dict[str, Any]:
    return {"account": _enterprise(here)["account"]}


@thing("workbench-close", "workbench-merge")
def _ending(here: World) -> dict[str, Any]:
    return {"enterprise": _enterprise(here)["enterprise"]}


@thing("workbench-merge-confirm")
def _merging(here: World) -> dict[str, Any]:
    return {**_ending(here), "into": _enterprise(here)["enterprise"]}


@thing("workbench-letter", "workbench-letter-refuse", "workbench-letter-dispute")
def _waiting_letter(here: World) -> dict[str, Any]:
    return {"letter": _enterprise(here)["letter"]}


@thing("workbench-dispute")
def _dispute(here: World) -> dict[str, Any]:
    return {"dispute": _enterprise(here)["dispute"]}


@thing("workbench-name")
def _renaming(here: World) -> dict[str, Any]:
    return {"renaming": _enterprise(here)["renaming"]}


# A programme of the region: version 1 in force with a window, version 2 checked; a route, an interpretation and the
# register, each waiting for somebody. ---------------------------------------------------------------------------------


@once
def _programme(here: World) -> dict[str, Any]:
    edit = ("programme.yaml", "to: 2199-06-05", "to: 2199-06-06")
    first, second = (packed(files(*more)) for more in ((), (edit,)))
    with here.made.sits("author top"):
        version = import_at_once(first, "tiny.zip")
    with here.made.sits("publisher top"):
        programme = put_in_force(Version.objects.get(pk=version.pk)).programme
        window = open_window(programme, "1a", 2023, now() - timedelta(days=1), now() + timedelta(days=9))
    with here.made.sits("author top"):
        import_at_once(second, "tiny.zip", into=programme)
        step = {"step": "acceptance", "by": "commerce", "workdays": "5"}
        route = set_route(programme, 2023, "project", offers=["1a"], steps=[step], title_zh="流程", title_en="Route")
        interpret(programme, "1.1", "何为新建？", "指首次建成。")
    with here.made.sits("reviewer top"):
        recognition = recognise(programme, "2.score", uscc(7), "85", dated=date(2024, 5, 10), number="1号")
        heads = [zh for zh, _en, _needed in COLUMNS.values()]
        sheet = write_sheet(heads, [[uscc(8), "2.score", "70", "2024-05-10", "", "", ""]], "x")
        brought = import_recognitions(programme, sheet, "名单.xlsx")
    return {"key": programme.key, "window": window.pk, "route": route.pk, "recognition": recognition.pk,
            "import": brought.pk}  # fmt: skip


@thing("policy-imported", "policy-import-again", at_the_top=True)
@once
def _folder(here: World) -> dict[str, Any]:
    _programme(here)
    with here.made.sits("author top"):
        made = import_programme(packed(files(("programme.yaml", "region:", "regoin:"))), "broken.zip")
    return {"identity": made.pk}


def _about(*names: str, **parts: Any) -> None:
    """Addresses of the programme, with what else stands in them."""
    thing(*names, at_the_top=True)(lambda here: {"key": _programme(here)["key"], **parts})


_about("programme", "programme-clauses", "programme-versions", "programme-handbook", "policy-programme",
       "policy-import-version", "policy-interpretations", "policy-interpret",
       "policy-recognitions", "policy-recognise", "policy-recognitions-import", "policy-recognitions-empty",
       "policy-recognitions-register")  # fmt: skip
_about("programme-offer", offer="1a")
_about("programme-measure", number="1")
_about("estimate-begin")


@thing("estimate-question", "estimate-forget")
def _question(_: World) -> dict[str, Any]:
    return {"topic": "for"}


@thing("estimate-sum")
def _sum_of_offer(_: World) -> dict[str, Any]:
    return {"offer": "1a"}


_about("policy-version", "policy-version-in-force", "policy-version-take-back", number=2)
_about("policy-compare", number=2, other=1)
_about("policy-confirm", number=1)
_about("policy-guide", "policy-window-open", "policy-route-new", year=2023)


def _identity(what: str, *names: str) -> None:
    """Addresses of something of the programme, by its id."""
    thing(*names, at_the_top=True)(lambda here: {"identity": _programme(here)[what]})


_identity("window", "policy-window-close", "policy-window-extend")
_identity("route", "policy-route-in-force")
_identity("recognition", "policy-recognition-end")
_identity("import", "policy-recognition-import", "policy-recognition-answered")


# Ana's file under the programme: a draft with one row, and a claim that was submitted. --------------------------------


@once
def _file_of_ana(here: World) -> dict[str, Any]:
    enterprise, key = _enterprise(here)["enterprise"], _programme(here)["key"]
    with here.made.sits("root"):
        programme = Programme.objects.get(key=key)
    with acting(Who("jarlig_person", here.people["no seat"].pk)):
        file = begin_file(enterprise, programme, 2023)
        answer_file(file, {"history": [], "registered_at": "150105"}, 0)
        claims = [add_claim(file, "1a", project) for project in ("P-1", "P-2", "P-3")]
        for one in claims:
            write_rows(answer_claim(one, ANSWERS, 0), "investment", [ROW], 1)
            for kind in DOCUMENTS:
                attach_evidence(io.BytesIO(pdf()), f"{kind}.pdf", kind, claim=one)
        sent = [Claim.objects.select_related("file", "programme__area").get(pk=one.pk) for one in claims[1:]]
        made = [submit_claim(one, uuid4(), seen_of(one), DECLARED) for one in sent]
    return {"file": file.pk, "draft": claims[0].pk, "sent": sent[0].pk, "submission": made[0].pk,
            "enterprise": enterprise}  # fmt: skip


@thing("apply-begin")
def _begin(here: World) -> dict[str, Any]:
    return {"enterprise": _file_of_ana(here)["enterprise"]}


@thing("apply-file", "apply-add", "apply-shared", "apply-history")
def _of_file(here: World) -> dict[str, Any]:
    return {"file": _file_of_ana(here)["file"]}


@thing("apply-drop", "apply-answers", "apply-documents", "apply-computed", "apply-check")
def _of_draft(here: World) -> dict[str, Any]:
    return {"claim": _file_of_ana(here)["draft"]}


@thing("apply-rows", "apply-rows-paste", "apply-rows-empty", "apply-row-new")
def _of_list(here: World) -> dict[str, Any]:
    return {**_of_draft(here), "fact": "investment"}


@thing("apply-row")
def _of_row(here: World) -> dict[str, Any]:
    return {**_of_list(here), "number": 1}


@thing("apply-claim", "apply-withdraw", "workbench-claim")
def _of_sent(here: World) -> dict[str, Any]:
    return {"claim": _file_of_ana(here)["sent"]}


@thing("apply-receipt")
def _of_submission(here: World) -> dict[str, Any]:
    return {"submission": _file_of_ana(here)["submission"]}
