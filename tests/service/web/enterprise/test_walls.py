"""Screens by who asks: other people, other banners, nobody; files as they leave; names that would act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.service.documents.made import pdf
from tests.service.enterprises.town import NAME, NUMBER, ROUTING, Town, uscc
from tests.service.walker import Walker

from jarlig.service.audit.models import Act
from jarlig.service.enterprises.acts.add_bank_account import add_bank_account
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import AuthorisationLetter, BankAccount, Enterprise

Enters = Callable[..., Walker]
NASTY = "<img src=x onerror=alert(1)>&\"'.pdf"


def paths(place: Town) -> dict[str, list[str]]:
    """Addresses that exist, by who may open them."""
    enterprise = place.speaks("ana", 1)
    waiting = place.gives("ana", 2)
    with place.acts("ana"):
        account = add_bank_account(enterprise, number=NUMBER, routing=ROUTING, bank="工行", account_name=NAME)
    return {
        "ana": [
            "/enterprise/", f"/enterprise/{enterprise.pk}/", f"/enterprise/{enterprise.pk}/name/",
            f"/enterprise/place/{waiting.membership_id}/", f"/enterprise/{enterprise.pk}/account/",
            f"/enterprise/{enterprise.pk}/account/{account.pk}/retire/", f"/files/{waiting.file_id}/",
        ],
        "receiver x": [
            f"/workbench/letters/{waiting.pk}/", f"/workbench/letters/{waiting.pk}/refuse/",
            f"/workbench/accounts/{account.pk}/", f"/files/{waiting.file_id}/",
        ],
    }  # fmt: skip


def test_each_address_opens_for_whom_it_is_and_for_nobody_else(place: Town, enters: Enters) -> None:
    known = paths(place)
    walkers = {name: enters(name).client for name in ("ana", "bat", "receiver x", "receiver y")}
    for owner, addresses in known.items():
        for address in addresses:
            for name, client in walkers.items():
                answer = client.get(address)
                status = answer.status_code
                answer.close()
                both = address.startswith("/files/") and name in ("ana", "receiver x")
                allowed = name == owner or both or address == "/enterprise/"
                assert (status == 200) is allowed, (address, name, status)
                assert allowed or status in (403, 404)
    nobody = Client()
    for address in {one for addresses in known.values() for one in addresses}:
        assert nobody.get(address).status_code == 302


def test_no_page_and_no_act_has_a_number_in_full(place: Town, enters: Enters) -> None:
    known = paths(place)
    for owner, addresses in known.items():
        client = enters(owner).client
        for address in addresses:
            if not address.startswith("/files/"):
                assert NUMBER not in client.get(address).content.decode(), address
    with place.sits("auditor x"):
        assert not any(NUMBER.encode() in bytes(one) for one in Act.objects.values_list("data", flat=True))


def test_public_pages_have_no_name_of_a_person_or_account(place: Town) -> None:
    paths(place)
    nobody = Client()
    for address in ("/account/sign-in/", "/enterprise/", "/workbench/letters/"):
        page = nobody.get(address, follow=True).content.decode()
        assert not any(canary in page for canary in ("敖登", NUMBER, uscc(1), NAME))


def test_a_file_leaves_as_an_attachment_that_can_do_nothing(place: Town, enters: Enters) -> None:
    letter = place.gives("ana")
    client = enters("ana").client
    answer = client.get(f"/files/{letter.file_id}/")
    assert b"".join(answer.streaming_content) == pdf()
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "private, no-store"


def test_reading_somebody_s_file_is_noted_and_one_s_own_is_not(place: Town, enters: Enters) -> None:
    letter = place.gives("ana")
    for login in ("ana", "receiver x"):
        answer = enters(login).client.get(f"/files/{letter.file_id}/")
        b"".join(answer.streaming_content)
    with place.sits("receiver x") as seat:
        noted = Act.objects.filter(act="read_file")
        assert [one.person for one in noted] == [seat.person_id]


def test_a_name_that_would_act_is_only_a_text(place: Town, enters: Enters) -> None:
    membership = place.asks("ana", name="<script>alert(1)</script>公司")
    with place.acts("ana"):
        import io

        letter = upload_letter(membership, io.BytesIO(pdf()), NASTY)
    for login, address in (
        ("ana", "/enterprise/"), ("ana", f"/enterprise/place/{membership.pk}/"),
        ("receiver x", "/workbench/letters/"), ("receiver x", f"/workbench/letters/{letter.pk}/"),
    ):  # fmt: skip
        page = enters(login).client.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
    answer = enters("ana").client.get(f"/files/{letter.file_id}/")
    b"".join(answer.streaming_content)
    assert "\n" not in answer["Content-Disposition"] and answer["Content-Type"] == "application/pdf"


def test_files_come_from_the_other_host_by_a_key_of_a_minute(
    place: Town, enters: Enters, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = place.gives("ana")
    monkeypatch.setattr(settings, "FILES_HOST", "localhost")
    sent = enters("ana").client.get(f"/files/{letter.file_id}/")
    assert sent.status_code == 302 and sent["Location"].startswith("http://localhost/files/")
    stranger = Client(headers={"host": "localhost"})
    address = sent["Location"].removeprefix("http://localhost")
    answer = stranger.get(address)
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == pdf()
    assert stranger.get(address[:-3] + "x/").status_code == 404
    assert Client().get(address).status_code == 404  # not on the site's own host
    assert enters("bat").client.get(f"/files/{letter.file_id}/").status_code == 404


def test_a_request_that_fails_keeps_nothing(place: Town, enters: Enters) -> None:
    membership = place.asks("ana")
    ana = enters("ana")
    ana.go(f"/enterprise/place/{membership.pk}/")
    import io

    file = io.BytesIO(b"MZ")
    file.name = "a.pdf"
    ana.press("提交授权委托书", file=file)
    assert ana.response.status_code == 422
    with place.sits("receiver x"):
        assert AuthorisationLetter.objects.count() == 0


def test_sending_a_decision_twice_decides_once(place: Town, enters: Enters) -> None:
    place.gives("ana")
    one, other = enters("receiver x"), enters("second receiver x")
    for officer in (one, other):
        officer.go("/workbench/letters/").click(NAME)
    one.press("采信授权委托书")
    other.press("采信授权委托书")
    assert other.response.status_code == 409
    with place.acts("ana"):
        assert Enterprise.objects.count() == 1


@pytest.mark.parametrize("many", [1, 6])
def test_a_page_asks_as_often_for_many_as_for_one(place: Town, enters: Enters, many: int) -> None:
    for number in range(1, many + 1):
        place.gives("ana", number, name=f"{NAME}{number}")
    enterprise = place.speaks("bat", 50)
    for login, address, most in (
        ("ana", "/enterprise/", 22),
        ("receiver x", "/workbench/letters/", 26),
        ("bat", f"/enterprise/{enterprise.pk}/", 30),
    ):
        client = enters(login).client
        client.get(address)
        found = 0

        def count(execute: Callable[..., object], *rest: object) -> object:
            nonlocal found
            found += 1
            return execute(*rest)

        with connection.execute_wrapper(count):
            client.get(address)
        assert found <= most, (address, found)


def test_an_account_is_asked_about_by_nobody_without_a_place(place: Town, enters: Enters) -> None:
    paths(place)
    with place.acts("bat"):
        assert BankAccount.objects.count() == 0
