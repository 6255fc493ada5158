"""The guide for builders of screens: its examples run, its words are in the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.conf import settings
from django.forms import CharField, Form, formset_factory
from django.template import engines
from django.test import RequestFactory

from jarlig.service.web import status

GUIDE = (Path(__file__).parents[3] / "docs" / "guide" / "screens.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", GUIDE, re.S)


def example(index: int) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(EXAMPLES[index], f"example {index}", "exec"), names)
    return names


def test_the_page_of_the_guide_is_a_page(rf: RequestFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = example(0)
    (template,) = re.findall(r"```jinja\n(.*?)```", GUIDE, re.S)
    env = engines["jinja2"].env
    monkeypatch.setitem(names, "render", lambda request, _name, values: env.from_string(template).render(
        **values, page=names["fill"](request), request=request, csrf_input=""
    ))  # fmt: skip
    text = names["notices"](rf.get("/"))
    html5lib.HTMLParser(strict=True).parse(text)
    assert "3,902,296.26" in text and "公示中" in text and 'class="jl-sticky"' in text


def test_the_form_of_the_guide_asks_and_reads(rf: RequestFactory) -> None:
    view = example(1)["cost"]
    assert "Net amount" in view(rf.get("/")).content.decode()
    assert view(rf.post("/", {"net": "x"})).status_code == 422
    good = {"net": "12.30", "paid_year": "2023", "paid_month": "10", "paid_day": "9"}
    assert view(rf.post("/", good)).status_code == 302


def test_one_more_line_is_added_as_the_guide_says(rf: RequestFactory) -> None:
    lines_class = formset_factory(type("Line", (Form,), {"what": CharField()}), extra=0)
    sent = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "add": "lines"}
    assert len(example(2)["lines_of"](rf.post("/", sent), lines_class).forms) == 2


def test_the_table_of_the_guide_is_shown(rf: RequestFactory) -> None:
    text = example(3)["queue"](rf.get("/")).content.decode()
    assert "1,190,297.31" in text and "复审" in text and "disabled" in text


def test_every_status_that_the_guide_names_is_one() -> None:
    assert set(re.findall(r'tag\("(\w+)"', GUIDE)) <= set(status.WORDS)


def test_pages_are_not_named_after_a_place_or_an_offer() -> None:
    web = settings.SERVICE / "web"
    files = [one for kind in ("*.py", "*.html", "*.scss", "*.js") for one in web.rglob(kind)]
    text = "".join(one.read_text("utf-8") for one in files if "static" not in one.parts)
    for name in ("内蒙古", "呼和浩特", "包头", "鄂尔多斯", "锡林", "呼伦贝尔", "Hohhot", "Baotou", "内政办发"):
        assert name not in text
