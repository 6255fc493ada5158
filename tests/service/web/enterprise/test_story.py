"""From a code to an accepted letter and a confirmed account, through screens alone."""

from __future__ import annotations

import io
from collections.abc import Callable

from tests.service.documents.made import pdf, png
from tests.service.enterprises.town import NAME, NUMBER, ROUTING, Town, uscc
from tests.service.walker import Walker

from jarlig.service.enterprises.models import Enterprise

Enters = Callable[..., Walker]


def upload(inside: bytes = pdf(), name: str = "授权委托书.pdf") -> io.BytesIO:
    file = io.BytesIO(inside)
    file.name = name
    return file


def test_a_person_asks_hands_in_a_letter_and_speaks(place: Town, enters: Enters) -> None:
    ana = enters("ana")
    ana.go("/enterprise/").click("登记企业")
    ana.press("继续", uscc="91152201MA0000010", name=NAME, area=str(place.areas["x"].pk), role="signatory")
    assert ana.response.status_code == 422 and "18位" in ana.errors()[0]
    ana.press("继续", uscc=uscc(1), name=NAME, area=str(place.areas["x"].pk), role="signatory")
    assert ana.title == NAME and "待补授权委托书" in ana.text()
    ana.press("提交授权委托书", file=upload(b"<html>", "letter.pdf"))
    assert ana.response.status_code == 422 and ana.errors()
    ana.press("提交授权委托书", file=upload(png(), "扫描件.png"))
    assert "办理机关核对中" in ana.text() and "扫描件.png" in ana.text()

    officer = enters("receiver x")
    officer.go("/workbench/letters/").click(NAME)
    assert "敖登" in officer.text() and uscc(1) in officer.text()
    officer.press("采信授权委托书")
    assert officer.address == "/workbench/letters/"

    ana.go("/enterprise/").click(NAME)
    assert ana.title == NAME and "乌兰浩特市" in ana.text()
    ana.click("登记账户").press(
        "提交复核", number=NUMBER, routing="313651027013", bank="工商银行兴安支行", account_name=NAME
    )
    assert ana.response.status_code == 422 and NUMBER not in ana.response.content.decode()
    ana.press("提交复核", number=NUMBER, routing=ROUTING, bank="工商银行兴安支行", account_name=NAME)
    assert "***************4567" in ana.text()

    officer.go("/workbench/accounts/").click(NAME)
    assert NUMBER not in officer.response.content.decode()
    officer.press("确认账户")
    ana.go("/enterprise/").click(NAME)
    assert "在用" in ana.text() and NUMBER not in ana.response.content.decode()


def test_a_refusal_is_read_by_the_person(place: Town, enters: Enters) -> None:
    place.gives("ana")
    officer = enters("receiver x")
    officer.go("/workbench/letters/").click(NAME).click("不予采信")
    officer.press("不予采信", reason="")
    assert officer.response.status_code == 422
    officer.press("不予采信", reason="公章看不清。")
    assert "公章看不清。" in enters("ana").go("/enterprise/").text()


def test_a_dispute_is_decided_and_read_alike(place: Town, enters: Enters) -> None:
    place.speaks("ana")
    place.gives("bat")
    officer = enters("receiver x")
    officer.go("/workbench/letters/?state=waiting").click(NAME)
    officer.click("查看争议")
    assert "敖登" in officer.text() and "巴特尔" in officer.text()
    officer.press("作出决定", upheld="claimant", reason="")
    assert officer.response.status_code == 422
    officer.press("作出决定", upheld="both", reason="两人均有授权。")
    for login in ("ana", "bat"):
        assert "两人均有授权。" in enters(login).go("/enterprise/").click(NAME).text()


def test_during_a_dispute_neither_side_reads_the_other_s_name(place: Town, enters: Enters) -> None:
    place.speaks("ana")
    place.gives("bat")
    assert "巴特尔" not in enters("ana").go("/enterprise/").click(NAME).text()
    assert "敖登" not in enters("bat").go("/enterprise/").click(NAME).text()


def test_a_signatory_appoints_an_agent_and_ends_the_place(place: Town, enters: Enters) -> None:
    place.speaks("ana")
    place.asks("bat", role="member")
    ana = enters("ana")
    ana.go("/enterprise/").click(NAME).click("任命 巴特尔")
    ana.press("任命", role="agent", mandate="", ends_on_year="2999", ends_on_month="1", ends_on_day="1")
    assert ana.response.status_code == 422
    ana.press("任命", role="agent", mandate="代办申报", ends_on_year="2999", ends_on_month="1", ends_on_day="1")
    assert "代办申报" in ana.text()
    assert "兴安盟乌兰物流" in enters("bat").go("/enterprise/").text()
    ana.click("终止 巴特尔").press("终止资格", reason="合同到期")
    assert "合同到期" in enters("bat").go("/enterprise/").text()


def test_a_new_name_goes_to_the_office_and_back(place: Town, enters: Enters) -> None:
    place.speaks("ana")
    ana, officer = enters("ana"), enters("receiver x")
    ana.go("/enterprise/").click(NAME).click("名称已变更")
    ana.press("报送办理机关", name="兴安盟新名有限公司", file=upload())
    officer.go("/workbench/names/").click(NAME).press("作出决定", accepted="yes")
    assert "兴安盟新名有限公司" in ana.go("/enterprise/").text()


def test_one_takes_a_request_back(place: Town, enters: Enters) -> None:
    place.gives("ana")
    ana = enters("ana")
    ana.go("/enterprise/").click(NAME).click("撤回申请").press("撤回申请")
    assert "已终止" in ana.text()


def test_every_page_is_there_in_english(place: Town, enters: Enters) -> None:
    place.gives("ana")
    ana, officer = enters("ana"), enters("receiver x")
    assert ana.go("/enterprise/").press("English").title == "My enterprises"
    officer.go("/workbench/letters/").press("English")
    assert "Letter of authorisation" in officer.click(NAME).text()


def test_the_region_merges_after_showing_both_and_asking_once_more(place: Town, enters: Enters) -> None:
    place.speaks("ana", 1, name=NAME)
    place.speaks("bat", 2, name="存续物流有限公司")
    banner = enters("receiver x").go("/workbench/enterprises/")
    assert NAME in banner.text() and "/merge/" not in banner.response.content.decode()
    top = enters("receiver top")
    top.go("/workbench/letters/").click("全部企业")
    with place.sits("receiver top"):
        gone = Enterprise.objects.get(uscc=uscc(1))
        stays = Enterprise.objects.get(uscc=uscc(2))
    assert f"/workbench/enterprises/{gone.pk}/merge/" in top.response.content.decode()
    top.go(f"/workbench/enterprises/{gone.pk}/merge/").press("继续", uscc=uscc(9))
    assert top.response.status_code == 422 and top.errors()
    top.press("继续", uscc=uscc(2))
    assert top.address == f"/workbench/enterprises/{gone.pk}/merge/{stays.pk}/"
    assert NAME in top.text() and "存续物流有限公司" in top.text() and "不可撤回" in top.text()
    top.press("合并", reason="")
    assert top.response.status_code == 422
    top.press("合并", reason="吸收合并，登记机关已核准。")
    assert top.address == "/workbench/enterprises/" and "已被合并" in top.text()


def test_a_receiver_strikes_an_enterprise_off_after_being_asked_once_more(place: Town, enters: Enters) -> None:
    enterprise = place.speaks("ana")
    officer = enters("receiver x")
    officer.go("/workbench/enterprises/").click("注销")
    assert NAME in officer.text() and officer.address == f"/workbench/enterprises/{enterprise.pk}/close/"
    with place.sits("receiver x"):
        assert Enterprise.objects.get().state == "active"  # looking changes nothing
    officer.press("注销", reason="登记机关已核准注销。")
    assert officer.address == "/workbench/enterprises/" and "已注销" in officer.text()
    assert "登记机关已核准注销。" in enters("ana").go("/enterprise/").text()
