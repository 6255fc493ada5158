"""Unified social credit code (统一社会信用代码): its parts and both its check characters.

Source: GB 32100-2015 with its amendments (18 characters, alphabet without I O S V Z, check character 18), GB 11714-1997
(organisation code 组织机构代码, check character 17), GB/T 2260 (positions 3 to 8). A code that passes is well formed;
only the register can say that it was issued.

Recipes in circulation that are wrong, each refuted by a test: letters numbered by ``ord(c) - 55``, the remainder itself
as check character, a sum modulo 11, only codes that begin with 91.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul

from jarlig.reference.errors import NO_WORDS, BadCode, Words
from jarlig.reference.typed import plain

#: The 31 characters in the order of their values.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WHAT = Words("统一社会信用代码", "unified social credit code")

_LENGTH = 18
_WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
#: Check character of an organisation code by the remainder of its sum: 11 minus it, 10 written X and 11 written 0.
_ORGANISATION_CHECKS = "0X987654321"
_VALUES = bytes(max(ALPHABET.find(chr(byte)), 0) for byte in range(256))
_ORGANISATION_VALUES = bytes(
    int(chr(byte), 36) if chr(byte).isascii() and chr(byte).isalnum() else 0 for byte in range(256)
)

_DIGITS = "0123456789"
_ALLOWED = (ALPHABET,) * 2 + (_DIGITS,) * 6 + (ALPHABET,) * 8 + (_DIGITS + "X", ALPHABET)
_has_shape = re.compile("".join(f"[{allowed}]" for allowed in _ALLOWED)).fullmatch
#: What a forbidden letter is usually a misreading of.
_MISREAD = str.maketrans("IOSVZ", "105U2")

#: Registration authority (登记管理部门), position 1.
AUTHORITIES = {
    "1": Words("机构编制", "public establishments"),
    "2": Words("外交", "foreign affairs"),
    "3": Words("司法行政", "judicial administration"),
    "4": Words("文化", "culture"),
    "5": Words("民政", "civil affairs"),
    "6": Words("旅游", "tourism"),
    "7": Words("宗教", "religious affairs"),
    "8": Words("工会", "trade unions"),
    "9": Words("市场监督管理（工商）", "market regulation"),
    "A": Words("军队", "armed forces"),
    "N": Words("农业", "agriculture"),
    "Y": Words("其他", "other"),
}

#: Type of organisation (机构类别), positions 1 and 2; a second 9 is "other" under any authority.
ORGANISATION_TYPES = {
    "11": Words("机关", "government body"),
    "12": Words("事业单位", "public institution"),
    "13": Words("群众团体", "mass organisation"),
    "21": Words("外国常驻新闻机构", "resident foreign news office"),
    "31": Words("律师执业机构", "law firm"),
    "32": Words("公证处", "notary office"),
    "33": Words("基层法律服务所", "grass-roots legal service office"),
    "34": Words("司法鉴定机构", "forensic institution"),
    "35": Words("仲裁委员会", "arbitration commission"),
    "41": Words("外国在华文化中心", "foreign cultural centre"),
    "51": Words("社会团体", "association"),
    "52": Words("民办非企业单位", "private non-enterprise unit"),
    "53": Words("基金会", "foundation"),
    "61": Words("外国旅游部门常驻代表机构", "foreign tourism office"),
    "62": Words("港澳台地区旅游部门常驻代表机构", "tourism office of Hong Kong, Macao or Taiwan"),
    "71": Words("宗教活动场所", "place of religious activity"),
    "72": Words("宗教院校", "religious school"),
    "81": Words("基层工会", "grass-roots trade union"),
    "91": Words("企业", "enterprise"),
    "92": Words("个体工商户", "individual business"),
    "93": Words("农民专业合作社", "farmers' cooperative"),
    "A1": Words("军队事业单位", "institution of the armed forces"),
    "N1": Words("组级集体经济组织", "group-level collective"),
    "N2": Words("村（嘎查）级集体经济组织", "village or gacha collective"),
    "N3": Words("乡镇（苏木）级集体经济组织", "township or sumu collective"),
    "Y1": Words("其他", "other"),
}
_OTHER = Words("其他", "other")


@dataclass(frozen=True, slots=True)
class Uscc:
    """A well-formed unified social credit code; make one with `check_uscc`."""

    code: str

    @property
    def authority(self) -> Words | None:
        """Registration authority; None for one that no amendment read so far lists."""
        return AUTHORITIES.get(self.code[0])

    @property
    def organisation_type(self) -> Words | None:
        """Type of organisation; None for one that no amendment read so far lists."""
        return ORGANISATION_TYPES.get(self.code[:2]) or (_OTHER if self.code[1] == "9" and self.authority else None)

    @property
    def division(self) -> str:
        """Division code of the registering authority (登记管理机关行政区划码); not where the firm sits today."""
        return self.code[2:8]

    @property
    def organisation_code(self) -> str:
        """Organisation code (组织机构代码), 9 characters, its own check character last."""
        return self.code[8:17]


def uscc_check_character(first: str) -> str:
    """Position 18 for the first 17 characters: 31 minus the weighted sum modulo 31 (GB 32100-2015)."""
    raw = first.encode("ascii").translate(_VALUES)
    return ALPHABET[-sum(map(mul, raw[:17], _WEIGHTS)) % 31]


def organisation_check_character(first: str) -> str:
    """Position 9 of an organisation code for its first 8 characters: 11 minus the weighted sum modulo 11 (GB 11714)."""
    raw = first.encode("ascii").translate(_ORGANISATION_VALUES)
    return _ORGANISATION_CHECKS[sum(map(mul, raw, _ORGANISATION_WEIGHTS)) % 11]


def uscc_is_valid(text: str) -> bool:
    """Whether the text is a well-formed code, exactly as `check_uscc` judges it; for whole columns."""
    if not _has_shape(text):
        return False
    raw = text.encode("ascii")
    # The check character's own weight is 1, so that a right code sums to 0.
    if sum(map(mul, raw.translate(_VALUES), _WEIGHTS)) % 31:
        return False
    organisation = raw[8:16].translate(_ORGANISATION_VALUES)
    return text[16] == _ORGANISATION_CHECKS[sum(map(mul, organisation, _ORGANISATION_WEIGHTS)) % 11]


def check_uscc(text: str) -> Uscc:
    """The code read, when it is written exactly: 18 capital letters and digits, both check characters right.

    Raises:
        BadCode: with the first position at fault and what was expected there. Nothing is mended silently: a code with
            blanks, small or full-width letters is refused with the right way to write it.
    """
    if not uscc_is_valid(text):
        raise _fault(text)
    return Uscc(text)


def _fault(text: str) -> BadCode:
    tidy = plain(text).upper()
    if tidy != text and uscc_is_valid(tidy):
        return BadCode(
            text,
            WHAT,
            None,
            Words("18位半角大写字母和数字", "18 plain capital letters and digits"),
            Words(f"请写作 {tidy}。", f"Write it {tidy}."),
        )
    if len(text) != _LENGTH:
        return BadCode(text, WHAT, None, Words(f"18位，实为{len(text)}位", f"18 characters, not {len(text)},"))
    for position, (character, allowed) in enumerate(zip(text, _ALLOWED, strict=True), start=1):
        if character not in allowed:
            return _foreign(text, position, allowed)
    organisation = organisation_check_character(text[8:16])
    if text[16] != organisation:
        return BadCode(
            text,
            WHAT,
            17,
            Words(f"组织机构代码校验码“{organisation}”", f"check character “{organisation}” of the organisation code"),
            Words("请核对第9至17位。", "Compare positions 9 to 17 with the licence."),
        )
    check = uscc_check_character(text[:17])
    return BadCode(
        text,
        WHAT,
        18,
        Words(f"校验码“{check}”", f"check character “{check}”"),
        Words(
            "第9至17位自身相符，请核对第1至8位和第18位。",
            "Positions 9 to 17 agree; compare 1 to 8 and 18 with the licence.",
        ),
    )


def _foreign(text: str, position: int, allowed: str) -> BadCode:
    if allowed == _DIGITS:
        expected = Words("数字（行政区划码）", "a digit of the division code")
    elif allowed == ALPHABET:
        expected = Words("数字或大写字母（不含 I、O、S、V、Z）", "a digit or capital letter other than I O S V Z")
    else:
        expected = Words("数字或 X", "a digit or X")
    meant = text.translate(_MISREAD)
    hint = Words(f"是否应为 {meant}？", f"Is it {meant}?") if uscc_is_valid(meant) else NO_WORDS
    return BadCode(text, WHAT, position, expected, hint)
