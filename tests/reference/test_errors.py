"""Every refusal is one whole sentence in each language and keeps what a caller needs beside it."""

import pickle

from jarlig.reference.errors import NO_WORDS, BadCode, ReferenceFault, UnknownDay, Words

WHAT = Words("编号", "number")
EXPECTED = Words("数字", "a digit")


def test_a_bad_code_tells_the_place_the_character_and_what_was_expected() -> None:
    found = BadCode("12x4", WHAT, 3, EXPECTED)
    assert found.zh == "编号第3位应为数字，实为“x”。"
    assert found.en == str(found) == "number, position 3: a digit expected, not “x”."


def test_a_hint_follows_as_a_sentence_of_its_own() -> None:
    found = BadCode("12x4", WHAT, 3, EXPECTED, Words("请核对。", "Compare it."))
    assert found.zh.endswith("。请核对。")
    assert found.en.endswith("“x”. Compare it.")


def test_without_a_place_only_the_form_is_told_and_the_code_is_not_repeated() -> None:
    found = BadCode("6222021234567890", WHAT, None, EXPECTED)
    assert (found.zh, found.en) == ("编号应为数字。", "number: a digit expected.")
    assert found.code not in found.zh + found.en
    assert found.hint == NO_WORDS


def test_every_error_comes_back_whole_from_another_process() -> None:
    for error in (BadCode("1", WHAT, 1, EXPECTED), UnknownDay("没有", "none"), ReferenceFault("甲", "A")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.zh, again.en, str(again)) == (type(error), error.zh, error.en, str(error))
