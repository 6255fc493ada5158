"""What departments vouch for stands on the page of the enterprise, in the words of the programme."""

from __future__ import annotations

from django.utils import translation
from tests.service.catalogue.office import in_force, office
from tests.service.catalogue.speaking import speaks
from tests.service.catalogue.test_recognitions import CODE, DAY

from jarlig.service.catalogue.acts.end_recognition import end_recognition
from jarlig.service.catalogue.acts.recognise import recognise
from jarlig.service.catalogue.acts.withdraw import withdraw
from jarlig.service.catalogue.models import Recognition, Version
from jarlig.service.enterprises.models import Enterprise
from jarlig.service.ground.context import Who, acting
from jarlig.service.web.enterprise.views import recognitions


def test_the_people_of_an_enterprise_read_its_recognitions_by_the_words_of_the_programme(db: None) -> None:
    made = office()
    programme = in_force(made)
    ana, _bat = speaks(made, CODE)
    with made.sits("reviewer"):
        recognise(programme, "1a.level", CODE, "industry", dated=DAY, number="厅发〔2024〕1号", valid_until=DAY)
        end_recognition(recognise(programme, "2.score", CODE, "85", dated=DAY), "评分有误")
    for language, kind, value in (("zh-hans", "1a 级别", "行业级"), ("en", "1a level", "industry")):
        with translation.override(language), acting(Who(role="jarlig_person", person=ana)):
            rows = recognitions(Enterprise.objects.get())
            assert [row["one"].state for row in rows] == ["valid", "ended"]
            assert [row["over"] for row in rows] == [True, False]
            assert (rows[0]["kind"], rows[0]["value"]) == (kind, value)
    with made.sits("publisher"):
        withdraw(Version.objects.get(state="in_force"), "suspended")
    with acting(Who(role="jarlig_person", person=ana)):
        assert {row["kind"] for row in recognitions(Enterprise.objects.get())} == {"1a.level", "2.score"}
        assert Recognition.objects.count() == 2
