"""Text blocks: names to fill in and nothing else, two persons, versions kept."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils.translation import gettext_lazy
from hypothesis import given, strategies as st
from tests.service.bodies.staff import staffed

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.discard_text import discard_text
from jarlig.service.bodies.acts.put_text_in_force import put_text_in_force
from jarlig.service.bodies.acts.write_text import write_text
from jarlig.service.bodies.models import TextBlock
from jarlig.service.bodies.texts import TEXTS, NoText, check_text, declare, filled, preview, render, versions
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState

KEY = "letter.invitation"
WORDS = "{name}：\n请于{until}前登录{link}，就任{office}{role}。"
VALUES = {"name": "乌兰", "office": "工信局", "role": "受理岗", "link": "https://example.org/", "until": "2023-10-09"}
HOSTILE = [
    "{{7*7}}", "{% include 'x' %}", "${7*7}", "#{7*7}", "{name!r}", "{name.__class__}", "{0}", "{}", "{ name }",
    "{name", "name}", "{name}}", "%(name)s {0.__class__}", "{name[0]}", "{name:>10}", "{NAME}", "{other}", "{name\n}",
]  # fmt: skip


def test_a_text_is_in_force_when_two_persons_say_so(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        draft = write_text(KEY, "zh-hans", WORDS)
        with pytest.raises(NotAllowed):
            put_text_in_force(draft)
        with pytest.raises(NoText):
            render(KEY, "zh-hans", VALUES)
    with made.sits("second"):
        put_text_in_force(draft)
    with acting(Who(role="jarlig_public")):
        text = render(KEY, "zh-hans", VALUES)
        assert text.words == "乌兰：\n请于2023-10-09前登录https://example.org/，就任工信局受理岗。"
        assert (text.version, text.block) == (1, draft.pk)
        with pytest.raises(NoText):
            render(KEY, "en", VALUES)


def test_a_later_version_replaces_the_one_in_force_and_both_are_kept(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        put = write_text(KEY, "zh-hans", WORDS)
    with made.sits("second"):
        put_text_in_force(put)
        later = write_text(KEY, "zh-hans", "请{name}尽快登录{link}。")
        assert later.version == 2
    with made.sits("root"):
        put_text_in_force(later)
        assert [(one.version, one.state) for one in versions(KEY, "zh-hans")] == [(2, "in_force"), (1, "replaced")]
        assert render(KEY, "zh-hans", VALUES).version == 2
        assert Act.objects.filter(act="put_text_in_force").count() == 3
    with made.sits("second"), pytest.raises(WrongState):
        put_text_in_force(put)


@pytest.mark.parametrize("body", HOSTILE)
def test_a_text_that_would_be_more_than_words_is_refused_where_it_stands(db: None, body: str) -> None:
    made = staffed()
    with made.sits("root"):
        with pytest.raises(Invalid) as caught:
            write_text(KEY, "zh-hans", f"第一行\n{body}")
        assert caught.value.field == "body" and "2" in str(caught.value)
        assert not TextBlock.objects.exists()


def test_the_place_of_a_wrong_name_is_told() -> None:
    from django.utils import translation

    with translation.override("en"), pytest.raises(Invalid) as caught:
        check_text(KEY, "你好{name}\n登录 {lnk}")
    assert "Line 2, character 4" in str(caught.value) and "{lnk}" in str(caught.value) and "{link}" in str(caught.value)


@pytest.mark.parametrize("value", [*HOSTILE, "<script>alert(1)</script>", "{link}", "\\1", "\\g<0>"])
def test_a_value_goes_in_as_it_is_and_is_never_read_again(value: str) -> None:
    assert filled("甲{name}乙{name}", {"name": value, "link": "LEAK"}) == f"甲{value}乙{value}"


@given(
    st.dictionaries(st.sampled_from(sorted(VALUES)), st.text(), min_size=5), st.lists(st.sampled_from(sorted(VALUES)))
)
def test_filling_in_is_joining(values: dict[str, str], names: list[str]) -> None:
    body = "·".join(f"{{{name}}}" for name in names)
    assert filled(body, values) == "·".join(values[name] for name in names)


@given(st.text(alphabet="{}ab_.%$ \nname", max_size=40))
def test_a_text_is_either_refused_or_wholly_known(body: str) -> None:
    try:
        used = check_text(KEY, body)
    except Invalid:
        return
    assert set(used) <= set(TEXTS[KEY].places)
    assert "{" not in filled(body, VALUES) and "}" not in filled(body, VALUES)


@pytest.mark.parametrize("name", ["saihan", "auditor", "reviewer"])
def test_only_administrators_of_the_region_write_texts(db: None, name: str) -> None:
    made = staffed()
    with made.sits("root"):
        draft = write_text(KEY, "zh-hans", WORDS)
    with made.sits(name) as seat:
        for act in (lambda: write_text(KEY, "en", "x"), lambda: put_text_in_force(draft), lambda: discard_text(draft)):
            with pytest.raises(NotAllowed):
                act()
        assert TextBlock.objects.filter(pk=draft.pk).update(state="discarded") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            TextBlock(
                key=KEY, language="en", body="x", version=9, written_by=seat.person, written_at=draft.written_at
            ).save(force_insert=True)
        assert bool(versions(KEY, "zh-hans")) == (name != "reviewer")


def test_the_database_wants_two_persons_and_the_words_that_were_written(db: None) -> None:
    made = staffed()
    with made.sits("root") as seat, connection.cursor() as cursor:
        draft = write_text(KEY, "zh-hans", WORDS)
        with pytest.raises(IntegrityError, match="two persons"), transaction.atomic():
            TextBlock.objects.filter(pk=draft.pk).update(state="in_force", put_in_force_by=seat.person)
        for change in ("body = 'x'", "key = 'x'", "language = 'en'", "version = 7", "written_by_id = NULL"):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f"UPDATE bodies_text SET {change} WHERE id = %s", [draft.pk])


def test_a_draft_is_discarded(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        draft = discard_text(write_text(KEY, "en", "x"))
        with pytest.raises(WrongState):
            discard_text(draft)
    with made.sits("second"), pytest.raises(WrongState):
        put_text_in_force(draft)


@pytest.mark.parametrize(
    ("language", "body", "field"),
    [("mn", "x", "language"), ("en", " \r\n ", "body"), ("en", "x" * 20_001, "body"), ("en", "a\0b", "body")],
)
def test_what_is_no_text_is_refused(db: None, language: str, body: str, field: str) -> None:
    made = staffed()
    with made.sits("root"):
        with pytest.raises(Invalid) as caught:
            write_text(KEY, language, body)
        assert caught.value.field == field
        with pytest.raises(Missing):
            write_text("no.such.key", "en", "x")


def test_a_preview_shows_samples_or_what_goes_there() -> None:
    declare("test.preview", gettext_lazy("x"), {"a": gettext_lazy("first"), "b": gettext_lazy("second")}, {"a": "样例"})
    try:
        assert preview("test.preview", "{a}{b}").startswith("样例〔")
    finally:
        del TEXTS["test.preview"]


def test_a_key_is_declared_one_way() -> None:
    with pytest.raises(ValueError, match="declared otherwise"):
        declare(KEY, gettext_lazy("x"), {"other": gettext_lazy("x")})
    with pytest.raises(ValueError, match="no name"):
        declare("test.bad", gettext_lazy("x"), {"no name": gettext_lazy("x")})
