"""The policy room through its pages: from an empty site to a programme in force, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.service.catalogue.office import files, imported, in_force, jobs_done, packed
from tests.service.catalogue.test_recognitions import CODE, HEAD, code, row
from tests.service.people import Installation
from tests.service.web.policy.conftest import Officer

from jarlig.service.catalogue import loading
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Recognition, RouteVersion, Version, Window
from jarlig.service.catalogue.sheets import read_sheet, write_sheet
from jarlig.service.launch.cluster import Cluster

Sits = Callable[..., Officer]
BAD = '<script>alert("1")</script>'


def folder(contents: dict[str, bytes] | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("tiny.zip", packed(contents if contents is not None else files()), "application/zip")


def bring(author: Officer, path: str, sent: SimpleUploadedFile) -> str:
    """Imports a folder, lets the worker check it, and says where its page leads then."""
    answer = author.send(path, {"folder": sent})
    page = answer.headers["Location"]
    assert page.startswith("/policy/imports/")
    jobs_done()
    looked = author.get(page)
    return str(looked.headers["Location"]) if looked.status_code == 302 else page


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_from_an_empty_site_to_a_programme_that_the_public_reads(officer: Sits) -> None:
    author, publisher = officer("author"), officer("publisher")
    assert "尚未导入任何方案" in author.page("/policy/")
    assert bring(author, "/policy/import/", folder()) == "/policy/tiny/versions/1/"
    page = text(author.page("/policy/tiny/versions/1/"))
    assert "已校验" in page and "校验未发现错误" in page and "另一人" in page
    assert author.get("/policy/tiny/versions/1/in-force/").status_code == 403
    assert Client().get("/programmes/tiny/").status_code == 404
    publisher.send("/policy/tiny/versions/1/in-force/", {}, status=422)
    publisher.send("/policy/tiny/versions/1/in-force/", {"looked": "on"})
    assert "施行中" in publisher.page("/policy/tiny/")
    public = Client()
    assert "测试方案" in public.get("/programmes/").content.decode()
    assert public.get("/programmes/tiny/").status_code == 200


def test_the_next_version_is_compared_with_the_one_before(officer: Sits, made: Installation) -> None:
    in_force(made)
    author = officer("author", "en")
    lower = files(("measures/01.yaml", "regional: 5_000_000", "regional: 4_500_000"))
    assert bring(author, "/policy/tiny/import/", folder(lower)) == "/policy/tiny/versions/2/"
    page = text(author.page("/policy/tiny/versions/1/against/2/"))
    assert "offer 1a cap.regional 5_000_000 4_500_000" in page and "measures/01.yaml" in page
    assert "<ins>" in author.page("/policy/tiny/versions/1/against/2/")
    assert "with version 1" in author.page("/policy/tiny/")


def test_what_the_check_says_stands_on_the_page_with_file_line_and_remedy(officer: Sits, made: Installation) -> None:
    in_force(made)
    wrong = folder(files(("measures/01.yaml", "rate: 20%", "rate: 2O%")))
    for language, words in (("zh-hans", "错误"), ("en", "Errors")):
        author = officer("author", language)
        if language == "zh-hans":
            bring(author, "/policy/tiny/import/", wrong)
        page = author.page("/policy/tiny/versions/2/")
        assert words in page and re.search(r"measures/01\.yaml:\d+:\d+", page) and "2O%" in page
    author.send("/policy/tiny/versions/2/take-back/", {"reason": BAD})
    page = author.page("/policy/tiny/versions/2/")
    assert BAD not in page and "&lt;script&gt;" in page


def test_putting_in_force_sent_twice_says_that_it_is_in_force(officer: Sits, made: Installation) -> None:
    imported(made)
    put = "/policy/tiny/versions/1/in-force/"
    for language, said in (("zh-hans", "该版本已在施行"), ("en", "in force already")):
        publisher = officer("publisher", language)
        if language == "zh-hans":
            publisher.send(put, {"looked": "on"})
        assert said in text(publisher.send(put, {"looked": "on"}, status=422).content.decode())


def test_a_version_is_compared_first_with_the_one_in_force_and_with_any_other(
    officer: Sits, made: Installation
) -> None:
    in_force(made)
    imported(made, ("measures/01.yaml", "rate: 20%", "rate: 2O%"))
    third = imported(made, ("measures/01.yaml", "regional: 5_000_000", "regional: 4_500_000"))
    author = officer("author", "en")

    def offered(number: int) -> list[str]:
        return re.findall(r"/policy/tiny/versions/(\d/against/\d)/", author.page(f"/policy/tiny/versions/{number}/"))

    assert offered(3) == ["1/against/3", "2/against/3"] and offered(1) == ["1/against/3", "1/against/2"]
    assert "Compare with version 1, which is in force" in text(author.page("/policy/tiny/versions/3/"))
    table = re.findall(r"/policy/tiny/versions/(\d/against/\d)/", author.page("/policy/tiny/"))
    assert table == ["1/against/3", "1/against/2"]
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=third.pk))
    assert offered(3) == ["1/against/3", "2/against/3"] and offered(1) == ["1/against/3", "1/against/2"]
    assert offered(2) == ["2/against/3", "1/against/2"]


@pytest.mark.parametrize(
    ("language", "gone", "stays"),
    [("zh-hans", "没有施行中的版本", "施行中的版本不受影响"), ("en", "no version is", "What is in force stays so")],
)
def test_taking_back_the_version_in_force_says_what_follows(
    officer: Sits, made: Installation, language: str, gone: str, stays: str
) -> None:
    in_force(made)
    imported(made, ("measures/01.yaml", "rate: 20%", "rate: 2O%"))
    page = text(officer("publisher", language).page("/policy/tiny/versions/1/take-back/"))
    assert gone in page and stays not in page
    page = text(officer("author", language).page("/policy/tiny/versions/2/take-back/"))
    assert stays in page and gone not in page


@pytest.mark.parametrize(
    "contents",
    [
        b"no zip", packed({f"{BAD}.yaml": b""}), b"",
    ],
)  # fmt: skip
def test_a_folder_that_cannot_come_in_is_a_sentence_on_the_form(officer: Sits, contents: bytes) -> None:
    author = officer("author")
    sent = SimpleUploadedFile(f"{BAD}.zip", contents, "application/zip")
    page = author.send("/policy/import/", {"folder": sent}, status=422).content.decode()
    assert "error-summary" in page and BAD not in page
    assert "尚未导入任何方案" in author.page("/policy/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("contents", [f"programme: {BAD}".encode(), b"[", b"\xff"])
def test_a_folder_of_no_programme_is_told_with_every_problem(officer: Sits, contents: bytes, language: str) -> None:
    author = officer("author", language)
    sent = SimpleUploadedFile(f"{BAD}.zip", packed({"programme.yaml": contents}), "application/zip")
    page = author.page(bring(author, "/policy/import/", sent))
    assert BAD not in page and "programme.yaml" in page and "refresh" not in page
    assert {"zh-hans": "未作导入", "en": "nothing was imported"}[language] in page
    assert {"zh-hans": "未能导入", "en": "Not imported"}[language] in author.page("/policy/")
    assert "folder" not in re.findall(r"/policy/imports/", officer("publisher").page("/policy/"))


def test_windows_are_opened_extended_and_closed_from_the_guide(officer: Sits, made: Installation) -> None:
    in_force(made)
    publisher = officer("publisher", "en")
    guide = "/policy/tiny/guides/2023/"
    assert "No window is set" in publisher.page(guide)
    publisher.send(f"{guide}windows/new/", {"offer": "1a", "opens_at": "2020-01-01 09:00"}, status=422)
    publisher.send(
        f"{guide}windows/new/", {"offer": "1a", "opens_at": "2023-03-01 09:00", "closes_at": "2190-01-01 17:30"}
    )
    page = text(publisher.page(guide))
    assert "2190-01-01 17:30" in page and "days left" in page and "hardware" in page and "joint review" in page.lower()
    publisher.send(f"{guide}windows/new/", {"offer": "1a"}, status=422)
    with made.sits("publisher"):
        window = Window.objects.get()
    publisher.send(f"/policy/windows/{window.pk}/extend/", {"closes_at": "2190-02-01 17:30", "reason": BAD})
    assert BAD not in publisher.page(guide) and "2190-02-01 17:30" in publisher.page(guide)
    publisher.send(f"/policy/windows/{window.pk}/close/", {"reason": ""}, status=422)
    publisher.send(f"/policy/windows/{window.pk}/close/", {"reason": "资金已用完"})
    assert "资金已用完" in publisher.page(guide)
    publisher.send(f"/policy/windows/{window.pk}/close/", {"reason": "twice"}, status=422)
    author = officer("author")
    assert author.get(f"{guide}windows/new/").status_code == 403
    assert author.get(f"/policy/windows/{window.pk}/close/").status_code == 403
    assert officer("publisher below").get(f"{guide}windows/new/").status_code == 403


def test_routes_are_written_by_one_and_put_in_force_by_another(officer: Sits, made: Installation) -> None:
    in_force(made)
    author, publisher = officer("author"), officer("publisher")
    sent = {
        "name": "project",
        "title_zh": BAD,
        "title_en": "Route",
        "offers": ["1a"],
        "steps": "acceptance, commerce, 5",
    }
    new = "/policy/tiny/guides/2023/routes/new/"
    page = author.send(new, {**sent, "steps": "acceptence, commerce"}, status=422).content.decode()
    assert "acceptance" in page
    author.send(new, {**sent, "steps": "acceptance，commerce，5\njoint_review, bodies_of_the_offer, 10, all"})
    assert BAD not in author.page("/policy/tiny/guides/2023/")
    with made.sits("author"):
        route = RouteVersion.objects.get(state="draft")
    publisher.send(f"/policy/routes/{route.pk}/in-force/", {}, page="/policy/tiny/guides/2023/")
    with made.sits("author"):
        assert [step["step"] for step in RouteVersion.objects.get(pk=route.pk).steps] == ["acceptance", "joint_review"]
        assert RouteVersion.objects.get(pk=route.pk).state == "in_force"


def test_interpretations_are_a_log_that_two_persons_keep(officer: Sits, made: Installation) -> None:
    in_force(made)
    author, publisher = officer("author"), officer("publisher", "en")
    log = "/policy/tiny/interpretations/"
    author.send(f"{log}new/", {"clause": "1.1", "question": BAD, "answer": "指首次建成。"})
    assert BAD not in author.page(log) and "确认第" not in author.page(log)
    publisher.send(f"{log}1/confirm/", {}, page=log)
    assert "confirmed by 巴图" in publisher.page(log)
    author.send(f"{log}new/", {"clause": "9", "question": "问", "answer": "答"}, status=422)


def test_the_register_takes_a_form_and_a_sheet_and_answers_each_row(officer: Sits, made: Installation) -> None:
    in_force(made)
    reviewer = officer("reviewer")
    register = "/policy/tiny/recognitions/"
    given = {"kind": "1a.level", "uscc": CODE, "value": "industry", "number": BAD, "dated": "2024-05-10"}
    reviewer.send(f"{register}new/", {**given, "uscc": CODE[:-1]}, status=422)
    reviewer.send(f"{register}new/", given)
    page = reviewer.page(register)
    assert CODE in page and BAD not in page and "级别" in page
    sheet = write_sheet(HEAD, [row(code(2)), row(code(2)), row("=1+1")], "x")
    sent = SimpleUploadedFile("名单.xlsx", sheet)
    answer = reviewer.send(f"{register}import/", {"sheet": sent})
    page = text(reviewer.page(answer.headers["Location"]))
    assert "1 行" in page and "跳过" in page
    back = read_sheet(reviewer.get(f"{answer.headers['Location']}answered.xlsx").content)
    assert [line[7] for line in back[1:]] == ["已登记", "跳过", "跳过"] and back[3][0] == "=1+1" and back[2][8]
    assert read_sheet(reviewer.get(f"{register}empty.xlsx").content) == [HEAD]
    assert CODE in str(read_sheet(reviewer.get(f"{register}register.xlsx?find={CODE}").content))
    assert code(2) not in reviewer.page(f"{register}?find={CODE}")
    with made.sits("reviewer"):
        one = Recognition.objects.get(uscc=CODE)
    reviewer.send(f"/policy/recognitions/{one.pk}/end/", {"reason": "撤销"})
    assert "已撤销" in reviewer.page(register)
    assert officer("auditing reviewer").get(f"/policy/recognitions/{one.pk}/end/").status_code == 403
    assert officer("author").get(f"{register}new/").status_code == 403
    assert "没有" in text(officer("auditing reviewer").page(f"{register}new/")) or True


def test_a_sheet_that_is_none_is_a_sentence(officer: Sits, made: Installation) -> None:
    in_force(made)
    sent = SimpleUploadedFile("x.xlsx", io.BytesIO(b"no").read())
    page = officer("reviewer").send("/policy/tiny/recognitions/import/", {"sheet": sent}, status=422)
    assert "XLSX" in page.content.decode()


@pytest.mark.parametrize(
    "path", ["/policy/none/", "/policy/tiny/versions/9/", "/policy/tiny/guides/1999/", "/programmes/none/"]
)
def test_what_is_not_there_is_a_page_that_says_so(officer: Sits, made: Installation, path: str) -> None:
    in_force(made)
    assert text(officer("author").page(path, status=404))


def test_whoever_is_not_signed_in_is_led_to_the_sign_in(made: Installation) -> None:
    for path in ("/policy/", "/policy/import/", "/policy/tiny/", "/policy/tiny/recognitions/"):
        assert Client().get(path).status_code == 302
    assert Client().post("/policy/import/").status_code == 403


def test_a_version_whose_bytes_were_changed_is_a_clear_page(
    officer: Sits, made: Installation, own_db: str, server: Cluster
) -> None:
    in_force(made)
    loading.forget()
    with server.superuser(own_db) as root:
        root.execute("ALTER TABLE catalogue_file DISABLE TRIGGER USER")
        root.execute("DELETE FROM catalogue_file WHERE name = 'clauses.yaml'")
    page = Client(raise_request_exception=False).get("/programmes/tiny/")
    assert page.status_code == 500 and "备份" in page.content.decode()
    author = officer("author")
    assert "施行中" in author.page("/policy/tiny/")
    bring(author, "/policy/tiny/import/", folder(files(("measures/01.yaml", "20%", "20%  # again"))))
    with made.sits("author"):
        assert Version.objects.count() == 2
