"""Forms as pages: every widget by its component, errors at top and field, nothing lost, nothing unescaped."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation

from jarlig.service.web.fields import DatePartsField, MoneyField
from jarlig.service.web.forms import error_summary, field, formset, one_more, render_form, without_judging

HOSTILE = '<script>alert("x")</script>\'"&'
ESCAPED = "&lt;script&gt;alert("


class One(forms.Form):
    name = forms.CharField(label="名称", help_text="写全称")
    sum = MoneyField(label="金额")
    day = DatePartsField(label="日期")
    level = forms.ChoiceField(label="级别", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label="类别", choices=[("x", "子"), ("y", "丑")], widget=forms.CheckboxSelectMultiple
    )
    place = forms.ChoiceField(label="地区", choices=[("", "请选择"), ("1", "某市")])
    proof = forms.FileField(label="凭证")
    yes = forms.BooleanField(label="属实")
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    secret = forms.CharField(label="密码", required=False, widget=forms.PasswordInput)
    many = forms.MultipleChoiceField(label="多选", required=False, choices=[("1", "一"), ("2", "二")])
    back = forms.CharField(widget=forms.HiddenInput, required=False)


FULL = {
    "name": "某企业", "sum": "1,190,297.31", "day_year": "2023", "day_month": "10", "day_day": "9", "level": "b",
    "kinds": ["x", "y"], "place": "1", "yes": "on", "many": ["2"],
}  # fmt: skip


def full(**changes: Any) -> One:
    data = QueryDict(mutable=True)
    for name, value in (FULL | changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return One(data, {"proof": SimpleUploadedFile("a.pdf", b"x")})


def test_a_full_form_is_read_to_the_fen_and_the_day() -> None:
    form = full()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["sum"] == 119029731
    assert form.cleaned_data["day"] == dt.date(2023, 10, 9)


def test_every_widget_has_a_component() -> None:
    form = full()
    drawn = {one.name: field(one) for one in form}
    assert 'value="1,190,297.31"' in drawn["sum"] and 'inputmode="decimal"' in drawn["sum"] and "元" in drawn["sum"]
    assert 'name="day_month"' in drawn["day"] and 'value="10"' in drawn["day"]
    assert drawn["level"].count('type="radio"') == 2 and 'value="b" checked' in drawn["level"]
    assert drawn["kinds"].count(" checked") == 2
    assert 'value="1" selected' in drawn["place"]
    assert 'type="file"' in drawn["proof"]
    assert 'type="password"' in drawn["secret"] and "显示密码" in drawn["secret"]
    assert "<textarea" in drawn["note"] and "备注（选填）" in drawn["note"]
    assert " multiple" in drawn["many"] and 'value="2" selected' in drawn["many"]
    assert drawn["back"] == '<input type="hidden" name="back" value="">'


def test_an_unknown_widget_is_refused() -> None:
    class Odd(forms.Form):
        odd = forms.CharField(widget=forms.SplitDateTimeWidget)

    with pytest.raises(TypeError, match="SplitDateTimeWidget"):
        field(Odd()["odd"])


def test_a_hint_and_an_error_are_tied_to_the_control() -> None:
    drawn = field(One({})["name"])
    assert 'id="id_name-hint"' in drawn and 'id="id_name-error"' in drawn
    assert 'aria-describedby="id_name-hint id_name-error"' in drawn


def test_what_is_missing_is_said_with_its_name() -> None:
    summary = error_summary(One({}))
    for text, target in (
        ("请填写名称。", "id_name"), ("请填写金额。", "id_sum"), ("请填写日期。", "id_day_year"),
        ("请选择级别。", "id_level"),
        ("请选择类别。", "id_kinds"), ("请选择地区。", "id_place"), ("请上传凭证。", "id_proof"),
        ("请勾选“属实”。", "id_yes"),
    ):  # fmt: skip
        assert text in summary
        assert f'href="#{target}"' in summary


@pytest.mark.parametrize("name", [one.name for one in One() if not one.field.widget.is_hidden and one.field.required])
def test_each_error_leads_to_a_control_that_is_there(name: str) -> None:
    form = One({})
    target = f"id_{name}_year" if name == "day" else f"id_{name}"
    assert f'id="{target}"' in field(form[name])


def test_a_form_may_say_itself_what_is_missing() -> None:
    class Own(forms.Form):
        a = forms.CharField(label="甲", error_messages={"required": "没有甲不行。"})

    assert "没有甲不行。" in error_summary(Own({}))


def test_in_english_the_same_is_said_in_english() -> None:
    with translation.override("en"):
        assert "Fill in: 名称." in error_summary(One({}))
        assert "There is a problem" in error_summary(One({}))


def test_a_form_without_errors_has_no_summary() -> None:
    assert error_summary(full()) == "" and error_summary(One()) == ""


def test_errors_of_no_field_are_told_without_a_link() -> None:
    form = full()
    form.is_valid()
    form.add_error(None, "两项相互矛盾。")
    assert "两项相互矛盾。" in error_summary(form)
    assert 'href="#' not in error_summary(form)


@pytest.mark.parametrize("name", ["name", "sum", "note", "day_year"])
def test_what_was_typed_is_escaped_and_kept(name: str) -> None:
    form = full(**{name: HOSTILE})
    drawn = field(form[name.removesuffix("_year")])
    assert "<script>" not in drawn
    assert ESCAPED in drawn


def test_labels_hints_and_choices_are_escaped() -> None:
    class Hostile(forms.Form):
        a = forms.CharField(label=HOSTILE, help_text=HOSTILE)
        b = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)], widget=forms.RadioSelect)
        c = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)])
        d = forms.MultipleChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)], widget=forms.CheckboxSelectMultiple)
        e = forms.FileField(label=HOSTILE, help_text=HOSTILE)
        f = DatePartsField(label=HOSTILE)
        g = forms.BooleanField(label=HOSTILE, help_text=HOSTILE)

    form = Hostile({})
    text = error_summary(form) + "".join(field(one) for one in form)
    assert "<script>" not in text and ESCAPED in text


def test_several_lines_of_text_keep_their_indent() -> None:
    lines = "第一行\n  第二行\n\n第四行"
    assert lines in field(full(note=lines)["note"])


def test_a_form_with_errors_answers_422_and_is_titled_so(rf: RequestFactory) -> None:
    answer = render_form(rf.post("/x/"), One({}), title="填写", back="/before/")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>错误： 填写" in text and 'href="/before/"' in text and 'enctype="multipart/form-data"' in text


def test_a_form_not_yet_sent_answers_200(rf: RequestFactory) -> None:
    answer = render_form(rf.get("/x/"), One(), title="填写", intro="说明", caption="某节")
    text = answer.content.decode()
    assert answer.status_code == 200 and "<title>填写" in text and "保存并继续" in text and "说明" in text


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("0", 0), ("1", 100), ("1.5", 150), ("1.50", 150), ("1.500", 150), ("１，２３４．５６", 123456),
        ("1,234,567.89 元", 123456789), ("¥12", 1200), (" 12 ", 1200), ("007", 700), ("", None), ("-0", 0),
    ],
)  # fmt: skip
def test_sums_are_read_as_they_are_written(typed: str, fen: int | None) -> None:
    assert MoneyField(required=False).clean(typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("壹佰万", "invalid"), ("1,23", "invalid"), ("1.2.3", "invalid"), ("1e5", "invalid"), ("NaN", "invalid"),
        ("1.234", "decimals"), ("-5", "negative"), ("9" * 15, "large"), ("12,34,567", "invalid"), ("--1", "invalid"),
    ],
)  # fmt: skip
def test_what_is_no_sum_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        MoneyField().clean(typed)
    assert caught.value.code == code


def test_a_correction_may_be_less_than_zero_where_the_form_says_so() -> None:
    assert MoneyField(negative=True).clean("−12.30") == -1230


@pytest.mark.parametrize(
    ("parts", "code"),
    [(["2023", "2", "30"], "invalid"), (["2023", "", "1"], "incomplete"), (["二〇", "1", "1"], "invalid")],
)
def test_a_day_that_is_none_is_refused(parts: list[str], code: str) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        DatePartsField().clean(parts)
    assert code in {one.code for one in caught.value.error_list}


class Line(forms.Form):
    what = forms.CharField(label="内容")


Lines = forms.formset_factory(Line, extra=0, max_num=3)


def test_one_more_item_loses_nothing() -> None:
    sent = QueryDict("lines-TOTAL_FORMS=1&lines-INITIAL_FORMS=0&lines-0-what=%E7%94%B2&add=lines")
    longer = one_more(sent, "lines")
    assert longer is not None
    lines = Lines(longer, prefix="lines")
    assert len(lines.forms) == 2 and lines.forms[0]["what"].value() == "甲"
    assert one_more(sent, "others") is None


def test_an_item_can_be_added_with_and_without_a_script() -> None:
    drawn = formset(Lines(prefix="lines", initial=[{"what": HOSTILE}]), legend="清单", item="行", add="再加一行")
    assert 'name="add" value="lines"' in drawn and "<template>" in drawn and "lines-__prefix__-what" in drawn
    assert "<script>" not in drawn and ESCAPED in drawn


def test_errors_of_items_are_summed_up_with_those_of_the_form(rf: RequestFactory) -> None:
    sent = QueryDict("lines-TOTAL_FORMS=2&lines-INITIAL_FORMS=2&lines-0-what=x")
    lines = Lines(sent, prefix="lines")
    answer = render_form(rf.post("/x/"), full(), title="填写", formsets=(lines,))
    text = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_lines-1-what"' in text and "请填写内容。" in text


def test_asking_for_one_more_item_is_no_error(rf: RequestFactory) -> None:
    sent = QueryDict("lines-TOTAL_FORMS=2&lines-INITIAL_FORMS=2&lines-0-what=x&name=abc&kinds=x&kinds=y")
    form, lines = One(sent), Lines(sent, prefix="lines")
    without_judging(form, lines)
    answer = render_form(rf.post("/x/"), form, title="填写", formsets=(lines,))
    text = answer.content.decode()
    assert answer.status_code == 200 and "error" not in text and 'value="abc"' in text and text.count(" checked") == 2


def test_a_field_that_cannot_be_changed_is_not_called_optional() -> None:
    class Fixed(forms.Form):
        code = forms.CharField(label="代码", required=False, disabled=True, initial="X")

    drawn = field(Fixed()["code"])
    assert "选填" not in drawn and " disabled" in drawn and 'value="X"' in drawn
