"""An empty installation is filled through screens alone, until a published guide has an open window.

Walked twice, as plain form posts without scripts and in a real browser: what is typed and pressed is all there is.
Three seats: the administrator who sets it up, an author who imports, a publisher who puts in force and opens.
"""

from __future__ import annotations

import io

from tests.service.browsing import code_of
from tests.service.catalogue.office import files, jobs_done, packed
from tests.service.stories.conftest import NewWalker
from tests.service.walker import Walker

from jarlig.service.audit.models import Act
from jarlig.service.audit.order import faults, put_in_order
from jarlig.service.bodies.setup_code import issue
from jarlig.service.ground.context import Who, acting

PASSWORDS = {"naren": "grass and wind all day", "wuyun": "a horse on the far hill", "batu": "seven rivers to the sea"}


def signed_in(walker: Walker, login: str) -> Walker:
    """Signs in and sets up the second factor, which an officer must have."""
    if "/account/sign-in/" not in walker.address:
        walker.go("/account/sign-in/")
    walker.press("Sign in", login=login, password=PASSWORDS[login])
    assert walker.address.startswith("/account/factor/set-up/"), (walker.address, walker.title, walker.errors())
    secret = next(one.text or "" for one in walker.page.iter("code") if one.get("class") == "jl-secret")
    walker.press("Confirm", code=code_of(secret))
    return walker


def invited(walker: NewWalker, administrator: Walker, name: str, login: str) -> Walker:
    """Invites somebody, who opens the link and chooses a password."""
    administrator.go("/account/invitation/").press("Make the link", name=name, login=login)
    link = next(word for word in administrator.text().split() if "/account/invitation/" in word)
    somebody = walker("en").go(link[link.index("/account/") :])
    somebody.press("Keep this password", password=PASSWORDS[login], again=PASSWORDS[login])
    assert not somebody.errors()
    return somebody


def chosen(walker: Walker, field: str, words: str) -> str:
    """The value of the choice of a field that says this."""
    for select in walker.page.iter("select"):
        for one in select.iter("option"):
            if select.get("name") == field and words in walker.text(one):
                return one.get("value", "")
    labels = {one.get("for"): walker.text(one) for one in walker.page.iter("label")}
    for one in walker.page.iter("input"):
        if one.get("name") == field and words in labels.get(one.get("id"), ""):
            return one.get("value", "")
    raise AssertionError(f"no choice {words!r} of {field} at {walker.address}")


def seated(administrator: Walker, person: str, body: str, role: str) -> None:
    """Appoints somebody to a seat over the area of its body."""
    administrator.go("/admin/people/appoint/")
    administrator.press(
        "Appoint", person=chosen(administrator, "person", person), body=chosen(administrator, "body", body),
        area=chosen(administrator, "area", "内蒙古自治区"), role=chosen(administrator, "role", role),
    )  # fmt: skip
    assert not administrator.errors(), administrator.errors()


def test_an_empty_installation_comes_to_an_open_window(walker: NewWalker) -> None:
    code = issue()
    assert code is not None

    root = walker("en").go("/account/sign-in/")
    assert root.address == "/setup/"
    root.press(
        "Set up", code=code, region="内蒙古自治区", division="150000", body="自治区商务厅", name="那仁", login="naren",
        password=PASSWORDS["naren"], again=PASSWORDS["naren"],
    )  # fmt: skip
    assert not root.errors(), root.errors()
    signed_in(root, "naren")

    root.go("/admin/areas/import/").press("Import")
    assert "呼和浩特市" in root.text()
    root.go("/admin/bodies/new/").press(
        "Make", name_zh="自治区工业和信息化厅", department="industry", area=chosen(root, "area", "内蒙古自治区")
    )
    assert not root.errors(), root.errors()

    author, publisher = invited(walker, root, "乌云", "wuyun"), invited(walker, root, "巴图", "batu")
    seated(root, "乌云", "自治区工业和信息化厅", "Author")
    seated(root, "巴图", "自治区工业和信息化厅", "Publisher")
    signed_in(author, "wuyun")
    signed_in(publisher, "batu")

    folder = io.BytesIO(packed(files()))
    folder.name = "tiny.zip"
    author.go("/policy/import/").press("Import and check", folder=folder)
    assert "The worker is not running" in author.text() and "The folder is kept" in author.text()
    assert jobs_done() == 1
    author.go(author.address)
    key = author.address.split("/")[2]
    assert not author.errors(), author.errors()

    author.go(f"/policy/{key}/versions/1/in-force/")
    assert author.response.status_code == 403  # whoever imported does not put in force
    publisher.go(f"/policy/{key}/versions/1/in-force/").press("Put in force", looked="on")
    assert not publisher.errors(), publisher.errors()
    publisher.go(f"/policy/{key}/guides/2023/windows/new/")
    publisher.press("Open the window", offer=chosen(publisher, "offer", "1a"))
    assert publisher.address == f"/policy/{key}/guides/2023/", (publisher.title, publisher.errors())

    public = walker("zh-hans").go("/programmes/").go(f"/programmes/{key}/")
    assert public.response.status_code == 200 and "申报中" in public.text()
    for one in (root, author, publisher):
        assert one.go("/").response.status_code == 200

    with acting(Who(role="jarlig_worker")):
        done = set(Act.objects.values_list("act", flat=True))
        assert done >= {
            "found", "import_areas", "make_body", "invite", "appoint",
            "import_programme", "check_programme", "put_in_force", "open_window",
        }  # fmt: skip
        put_in_order()
        assert faults() == []
