"""The public page of a programme: from its own data and words, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.service.catalogue.office import in_force, open_from
from tests.service.people import Installation

from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Version

HOUR = timedelta(hours=1)


def read(path: str, language: str = "zh-hans") -> str:
    client = Client()
    client.cookies["django_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_measures_stand_with_their_figures_status_and_days(made: Installation) -> None:
    programme = in_force(made)
    open_from(made, programme, -HOUR, 48 * HOUR)
    page = read("/programmes/tiny/")
    assert "测发〔2022〕1号" in page and "新建平台补助" in page and "申报中" in page
    assert "20%，最高 500万元 / 300万元" in page and "至" in page
    english = read("/programmes/tiny/", "en")
    assert "20%, up to CNY 5,000,000 / CNY 3,000,000" in english and "Open for applications" in english
    assert "new platform" in english and "新建平台补助" not in english


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_hostile_words_of_a_programme_are_shown_as_text(made: Installation, language: str) -> None:
    bad = '<script>alert(\\"x\\")</script>'
    titles = f'{{zh: "平台{bad}", en: "platform {bad}"}}'
    in_force(made, ("measures/01.yaml", "{zh: 新建平台补助, en: new platform}", titles))
    client = Client()
    client.cookies["django_language"] = language
    page = client.get("/programmes/tiny/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_the_notice_and_another_programme_have_pages_of_the_same_kind(made: Installation) -> None:
    in_force(made)
    with made.sits("author"):
        version = import_at_once(shipped_as="nmg-ecommerce-2022")
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=version.pk))
    page = read("/programmes/nmg-ecommerce-2022/")
    assert "内政办发〔2022〕39号" in page and "已失效" in page and "工业互联网" in page
    assert len(re.findall("已失效", page)) > 5
    listed = read("/programmes/")
    assert "测试方案" in listed and "电子商务" in listed
    assert "Inner Mongolia measures to speed up e-commerce" in read("/programmes/", "en")
