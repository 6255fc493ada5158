"""Somebody without an account finds out what their enterprise can get, comes back by a code, and leaves nothing.

Walked twice, as plain form posts without scripts and in a real browser.
"""

from __future__ import annotations

from datetime import timedelta

from tests.service.catalogue.office import in_force, office, open_from
from tests.service.stories.conftest import NewWalker
from tests.service.walker import Walker

from jarlig.service.estimates import codes


def answer(walker: Walker) -> None:
    """Answers the question that is shown as somebody would who knows most of it."""
    fields = {one.get("name"): one for one in walker.page.iter() if one.tag in ("input", "select")}
    value = fields.get("value")
    kind = "" if value is None else "select" if value.tag == "select" else value.get("type", "text")
    if "value_year" in fields:
        walker.press("Continue", value_year="2023", value_month="3", value_day="20")
    elif kind == "radio":
        walker.press("Continue", value="true" if "true" in _values(walker) else _values(walker)[0])
    elif kind == "select":
        walker.press("Continue", value=[one for one in _values(walker) if one][1])
    elif "to" in fields:
        is_money = any(walker.text(one) == "CNY" for one in walker.page.iter("div"))
        walker.press("Continue", **({"value": "4 million", "to": "6 million"} if is_money else {"value": "60"}))
    elif any(walker.text(one) == "Nothing received" for one in walker.page.iter("button")):
        walker.press("Nothing received")
    else:
        walker.press("I don't know")


def _values(walker: Walker) -> list[str]:
    found = [one for one in walker.page.iter("input") if one.get("name") == "value"]
    return [one.get("value", "") for one in found] or [one.get("value", "") for one in walker.page.iter("option")]


def answered_all(walker: Walker) -> int:
    """Answers until the result comes; how many questions that took."""
    for number in range(40):
        if walker.address == "/estimate/result/":
            return number
        assert walker.address.startswith("/estimate/questions/"), walker.address
        answer(walker)
        assert not walker.errors(), (walker.address, walker.errors())
    raise AssertionError("it never ends")


def test_an_enterprise_finds_out_what_it_can_get(walker: NewWalker) -> None:
    made = office()
    programme = in_force(made)
    open_from(made, programme, timedelta(days=-1), timedelta(days=9))

    firm = walker("en").go("/").click("Check what you can get")
    assert firm.title == "Check what you can get" and "The first window closes" in firm.text()
    firm.press("Start now")
    assert answered_all(firm) <= 12
    assert "CNY" in firm.text() and "Next:" in firm.text()
    while any(firm.text(one) == "Go on with the questions" for one in firm.page.iter("a")):
        firm.click("Go on with the questions")
        answered_all(firm)
    result = firm.text()
    assert "Nothing more can be asked" in result

    firm.click("Save and come back later").press("Show my code")
    code = next(firm.text(one) for one in firm.page.iter("code"))
    assert codes.read(code) and codes.read(code) not in firm.address

    elsewhere = walker("en").go("/estimate/result/")
    assert elsewhere.title == "No estimate is open here"
    elsewhere.click("Go on with a code").press("Go on", code="0000 0000")
    assert elsewhere.errors() and "26 letters" in elsewhere.errors()[0]
    elsewhere.press("Go on", code=code.lower())
    assert elsewhere.address == "/estimate/result/" and elsewhere.text() == result

    elsewhere.click("See every step 1a")
    assert elsewhere.title.startswith("1a ")
    elsewhere.go("/estimate/answers/").click("Delete this estimate").press("Delete")
    assert elsewhere.title == "The estimate is deleted"
    assert firm.go("/estimate/answers/").title == "No estimate is open here"
