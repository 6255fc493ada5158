"""The loader: text stays text, every value knows its place, and what nobody could review is refused with its reason."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st
from tests.policy import hostile
from tests.policy.provoking import provokes

from jarlig.policy import text as loader
from jarlig.policy.messages import Place, PolicyError, Problem
from jarlig.policy.text import (
    FACTS_LIMITS,
    JSON_LIMITS,
    Limits,
    Mapping,
    Plain,
    Scalar,
    Sequence,
    Tree,
    locate,
    read_plain,
    read_tree,
)

PARSERS = [yaml.Loader, *([yaml.CLoader] if yaml.__with_libyaml__ else [])]
MIB = 1 << 20
OFFER = """\
# an offer
- offer: "2a"
  title: {zh: 新建平台, en: New platform}
  facts:
    investment: {rows: {most: 2_000, key: [seller, invoice_no]}}
  when:
    - newly_built
    - recognised_on <= on
  says: >-
    folded
    text
  note: |
    line
  cap: 5_000_000
  on: 0150
  open:
  none: ~
"""


@pytest.fixture(params=PARSERS, ids=lambda parser: parser.__name__)
def parser(request, monkeypatch):
    """Each parser in turn, the one in C and the one in Python."""
    monkeypatch.setattr(loader, "PARSER", request.param)
    return request.param


def refusal(source: str | bytes, file: str = "a.yaml", limits: Limits = loader.PROGRAMME_LIMITS) -> Problem:
    with pytest.raises(PolicyError) as caught:
        read_tree(source.encode() if isinstance(source, str) else source, file, limits)
    (found,) = caught.value.problems
    return found


def plain_refusal(source: str | bytes, file: str = "a.json", limits: Limits | None = None) -> Problem:
    with pytest.raises(PolicyError) as caught:
        read_plain(source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source, file, limits)
    (found,) = caught.value.problems
    return found


def plain(tree: Tree) -> object:
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Sequence):
        return [plain(item) for item in tree.items]
    return {key: plain(value) for key, value in tree.entries.items()}


def follow(tree: Tree, *path: str | int) -> Tree:
    for step in path:
        tree = tree.items[step] if isinstance(tree, Sequence) else tree.entries[step]  # type: ignore[index,union-attr]
    return tree


def test_every_scalar_stays_the_text_that_was_written(parser):
    source = "- on\n- 0150\n- 12:30\n- 0123456\n- 0.30\n- 2023-01-01\n- ~\n- null\n- true\n- .inf\n- 1e3\n- '1'\n-\n"
    written = ["on", "0150", "12:30", "0123456", "0.30", "2023-01-01", "~", "null", "true", ".inf", "1e3", "1", ""]
    assert plain(read_tree(source.encode(), "a.yaml")) == written


def test_a_tree_has_the_shape_of_the_file(parser):
    assert plain(read_tree(OFFER.encode(), "a.yaml")) == [
        {
            "offer": "2a",
            "title": {"zh": "新建平台", "en": "New platform"},
            "facts": {"investment": {"rows": {"most": "2_000", "key": ["seller", "invoice_no"]}}},
            "when": ["newly_built", "recognised_on <= on"],
            "says": "folded text",
            "note": "line\n",
            "cap": "5_000_000",
            "on": "0150",
            "open": "",
            "none": "~",
        }
    ]


@pytest.mark.parametrize(
    ("path", "place", "length"),
    [
        (("offer",), (2, 10), 4),
        (("title", "en"), (3, 25), 12),
        (("facts", "investment", "rows", "key", 1), (5, 52), 10),
        (("when", 1), (8, 7), 19),
        (("says",), (10, 5), 6),
        (("note",), (13, 5), 4),
        (("cap",), (14, 8), 9),
        (("open",), (16, 7), 0),
    ],
)
def test_every_value_knows_its_place(parser, path, place, length):
    found = follow(read_tree(OFFER.encode(), "a.yaml"), 0, *path)
    assert isinstance(found, Scalar)
    assert (found.place.line, found.place.column, found.length) == (*place, length)
    assert found.quoted == (path == ("offer",))


def test_keys_and_lists_know_their_places(parser):
    tree = follow(read_tree(OFFER.encode(), "a.yaml"), 0)
    assert isinstance(tree, Mapping)
    assert tree.keys["cap"] == Scalar("cap", Place("a.yaml", 14, 3), False, 3)
    assert tree.place == Place("a.yaml", 2, 3)
    block, flow = follow(tree, "when"), follow(tree, "facts", "investment", "rows", "key")
    assert (block.flow, flow.flow) == (False, True)  # type: ignore[union-attr]
    assert flow.place == Place("a.yaml", 5, 43)


def test_columns_count_characters_not_bytes(parser):
    tree = read_tree("内蒙古: {𠀀: x}".encode(), "a.yaml")
    assert follow(tree, "内蒙古", "𠀀").place == Place("a.yaml", 1, 10)


def test_a_text_over_several_lines_is_as_long_as_its_first(parser):
    tree = read_tree(b'a: "one\n  two"\nb: three\n  four\n', "a.yaml")
    assert [follow(tree, key).length for key in "ab"] == [4, 5]  # type: ignore[union-attr]


def test_an_empty_block_text_does_not_borrow_the_place_of_the_next_key(parser):
    tree = read_tree(b"a: |\nb: 1\n", "a.yaml")
    assert follow(tree, "a").place == Place("a.yaml", 1, 4)


def test_line_ends_and_order_mark_of_another_system_change_nothing(parser):
    expected = read_tree(OFFER.encode(), "a.yaml")
    assert read_tree(OFFER.replace("\n", "\r\n").encode(), "a.yaml") == expected
    assert read_tree(b"\xef\xbb\xbf" + OFFER.encode(), "a.yaml") == expected
    assert read_tree(OFFER.rstrip("\n").encode(), "a.yaml") == expected


@provokes("E102", "E104", "E105", "E109", "E115")
@pytest.mark.parametrize(
    ("source", "code", "place", "said"),
    [
        (b"a: 1\nb: \xe4\xb8\xad\xff", "E102", (2, 5), "byte 0xFF"),
        ("a: 1\nb: 内蒙古\n".encode("gb18030"), "E102", (2, 4), "perhaps GBK"),
        ("a: 1".encode("utf-16"), "E102", (0, 0), "UTF-16"),
        (b"PK\x03\x04\x14\x00", "E115", (0, 0), "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1", "E115", (0, 0), "spreadsheet"),
        (b"a: \xed\xa0\x80", "E102", (1, 4), "byte 0xED"),
        (b"a: 1\nb: \x00", "E104", (2, 4), "U+0000"),
        (b"a: 1\rb: 2", "E104", (1, 5), "U+000D"),
        ("a: x\u202ey", "E104", (1, 5), "U+202E"),
        ("a: x\u2028y", "E104", (1, 5), "U+2028"),
        ("\ufeff\ufeffa: 1", "E104", (1, 1), "U+FEFF"),
        ("a: 1\nb:\t2", "E105", (2, 3), "tab"),
        ("", "E109", (0, 0), "empty"),
        (" \n\n", "E109", (0, 0), "empty"),
        ("# only a comment\n", "E109", (0, 0), "empty"),
        ("---\n", "E109", (0, 0), "empty"),
    ],
)
def test_a_file_that_is_no_readable_text_is_refused_before_it_is_parsed(parser, source, code, place, said):
    found = refusal(source)
    assert (found.code, (found.place.line, found.place.column)) == (code, place)
    assert said in found.en


SMALL = Limits(file_bytes=100, line_length=40, nesting=3, scalar_length=20, nodes=12)


@provokes("E101", "E103", "E106", "E107", "E108")
@pytest.mark.parametrize(
    ("source", "code", "place"),
    [
        ("a: 1\n" * 21, "E101", (0, 0)),
        ("a: 1\nb: " + "1, " * 13, "E103", (2, 1)),
        ("a: [[[1]]]", "E106", (1, 6)),
        ("a:\n  b:\n    c:\n      d: 1", "E106", (4, 7)),
        ("- - - - 1", "E106", (1, 7)),
        ("a: 'x" + "y" * 21 + "'", "E107", (1, 4)),
        ("a: >\n  xxxxxxxxxxx\n  yyyyyyyyyyyy", "E107", (1, 4)),
        ("k" * 21 + ": 1", "E107", (1, 1)),
        ("[" + "1," * 13 + "]", "E108", (1, 22)),
    ],
)
def test_a_file_beyond_a_limit_is_refused_where_it_passes_it(parser, source, code, place):
    found = refusal(source, limits=SMALL)
    assert (found.code, (found.place.line, found.place.column)) == (code, place)


@pytest.mark.parametrize(
    "source", ["a: [[1]]", "- - - 1", "a: '" + "y" * 20 + "'", "k" * 20 + ": 1", "[" + "1," * 10 + "]"]
)
def test_a_file_at_a_limit_is_read(parser, source):
    assert read_tree(source.encode(), "a.yaml", SMALL)


MISTAKES = [
    ("a: &x 1", "E120", (1, 4), "“&x”"),
    ("a: 1\nb: *a", "E120", (2, 4), "“*a”"),
    ("a: &", "E120", (1, 4), "“&”"),
    ("&a [1]", "E120", (1, 1), "“&a”"),
    ("*a : 1", "E120", (1, 1), "“*a”"),
    ("a: !!int 1", "E121", (1, 4), "“!!int”"),
    ("a: !own [1]", "E121", (1, 4), "“!own”"),
    ("a: ! x", "E121", (1, 4), "“!”"),
    ("!t a: 1", "E121", (1, 1), "“!t”"),
    ("a: 1\nb: 2\n'a': 3", "E122", (3, 1), "first on line 1"),
    ("a: {b: 1, b: 2}", "E122", (1, 11), "“b” stands twice"),
    ("1: a\n'1': b", "E122", (2, 1), "“1” stands twice"),
    ("a: {b: 1}\n<<: a", "E123", (2, 1), "merge key"),
    ("a: 1\n---\nb: 2", "E124", (2, 1), "more than one document"),
    ("? a\n: b", "E125", (1, 3), "a key must be a text"),
    ("[a, b]: c", "E125", (1, 1), "a key must be a text"),
    ("{a: b}: c", "E125", (1, 1), "a key must be a text"),
    ("a: {? b : c}", "E125", (1, 7), "a key must be a text"),
    ("a: 'it\nb: 1", "E126", (1, 4), "never closed"),
    ('a: 1\nb: "x\n', "E126", (2, 4), "never closed"),
    ("a: [1, 2\nb: 3", "E127", (1, 4), "never closed"),
    ("a: {b: 1\n", "E127", (1, 4), "never closed"),
    ("a: {b: 1 c: 2}", "E127", (1, 4), "comma is missing"),
    ("a: b: c", "E128", (1, 5), "colon"),
    ("a: 1\n  b: 2", "E128", (2, 4), "colon"),
    ("a: {b:[1]}", "E128", (1, 6), "no space after it"),
    ("a: {zh:, en: x}", "E128", (1, 7), "no space after it"),
    ("k" * 1_100 + ": 1", "E128", (1, 1_101), "colon"),
    ("a:\n  - 1\n b: 2", "E129", (3, 2), "indentation"),
    ("a：1\nb: 2", "E137", (1, 2), "full-width colon"),
    ("x: 1\na： 1\nb: 2", "E137", (2, 2), "full-width colon"),
    ("a: - 1", "E129", (1, 4), "indentation"),
    ("- a\nb: 1", "E129", (2, 1), "indentation"),
    ("a: |\n  x\n y", "E129", (3, 2), "indentation"),
    ("a: >#x\n  y", "E129", (1, 5), "indentation"),
    ("a: @x", "E130", (1, 4), "“@”"),
    ("a: `x`", "E130", (1, 4), "“`”"),
    ("a: 20\nb: %", "E130", (2, 4), "“%”"),
    ("a: ]", "E130", (1, 4), "“]”"),
    ("a: [1,, 2]", "E130", (1, 7), "“,”"),
    ('a: "\\q"', "E131", (1, 5), "“\\q”"),
    ('a: "x\\ud800"', "E131", (1, 6), "“\\ud800”"),
    ('a: "\\\\ud800\\ud801"', "E131", (1, 12), "“\\ud801”"),
    ('a: "\\UFFFFFFFF"', "E131", (1, 5), "“\\UFFFFFFFF”"),
    ('a: "\\xZZ"', "E131", (1, 5), "“\\xZZ”"),
    ("%YAML 1.2\n---\na: 1", "E132", (1, 1), "directive"),
    ("# x\n%TAG ! tag:x\n---\na: 1", "E132", (2, 1), "directive"),
    ("a: [", "E133", (1, 4), "structure"),
    ('a: "\\e[31m"', "E134", (1, 4), "U+001B"),
    ('"\\0": 1', "E134", (1, 1), "U+0000"),
    ('a: "\\u202e"', "E134", (1, 4), "U+202E"),
    ('a: "x" y', "E135", (1, 8), "closing quote"),
    ("a: [b] and c", "E135", (1, 8), "closing quote or bracket"),
    ("a: {en: Is it new?}", "E136", (1, 18), "“?” inside brackets"),
    ("a: [b ? c]", "E136", (1, 7), "“?” inside brackets"),
]


@pytest.mark.parametrize(("source", "code", "place", "said"), MISTAKES)
def test_a_mistake_in_yaml_is_told_where_it_is_and_what_it_is(parser, source, code, place, said):
    found = refusal(source)
    assert (found.code, (found.place.line, found.place.column)) == (code, place)
    assert said in found.en
    assert found.source_line == source.split("\n")[place[0] - 1]
    assert found.place.file == "a.yaml"


def test_a_tag_or_an_anchor_may_stand_in_quotes(parser):
    assert plain(read_tree(b"a: '!x'\nb: '*y'\nc: \"&z\"\n'<<': d\ne: what?", "a.yaml")) == {
        "a": "!x",
        "b": "*y",
        "c": "&z",
        "<<": "d",
        "e": "what?",
    }


PIECES = [
    *"ab0:-?,[]{}'\"|>&*!%#@`~\\ \n.",
    *("\n  ", ": ", "- ", "---\n", "...\n", "\t", "\x85", "<<", "key: "),
    *("中", "𠀀", "\\ud800", "\\x41"),
]
BYTES = st.one_of(
    st.binary(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=30).map(lambda pieces: "".join(pieces).encode()),
)


@st.composite
def edited_offers(draw):
    """The offer above with a few pieces put in or cut out."""
    source = OFFER
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(source)))
        source = source[:at] + draw(st.sampled_from(["", *PIECES])) + source[at + draw(st.integers(0, 4)) :]
    return source.encode()


def outcome(source: bytes, parser: type) -> Tree | None:
    """The tree, or None when refused; anything else than a refusal goes through."""
    loader.PARSER = parser
    try:
        return read_tree(source, "a.yaml")
    except PolicyError as error:
        for found in error.problems:
            assert found.code.startswith("E1")
            assert found.place.line <= source.count(b"\n") + 1
            assert error.render("zh")
        return None


@given(st.one_of(BYTES, edited_offers()))
def test_both_parsers_read_the_same_and_refuse_the_same(source):
    kept = loader.PARSER
    try:
        assert len({repr(outcome(source, parser)) for parser in PARSERS}) == 1
    finally:
        loader.PARSER = kept


@given(BYTES, st.sampled_from(["a.json", "a.yaml", "a.txt", ""]))
def test_facts_from_any_bytes_are_read_or_refused(source, name):
    try:
        found = read_plain(source, name)
    except PolicyError as error:
        assert str(error)
        assert error.render("zh")
    else:
        json.dumps(found, ensure_ascii=False).encode()


SEEN = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]))
FACTS = st.recursive(st.none() | SEEN, lambda inner: st.lists(inner) | st.dictionaries(SEEN, inner), max_leaves=15)


@given(FACTS)
def test_facts_written_as_json_are_the_facts_read(facts):
    limits = Limits(nesting=100)
    for ascii_only in (True, False):
        source = json.dumps(facts, ensure_ascii=ascii_only).encode()
        assert read_plain(source, "a.json", limits) == facts


def test_facts_are_the_same_in_json_and_yaml():
    as_yaml = "a: 0.30\nb: [1, null, ~, ]\nc: true\nd:\ne: 'null'\nf: 0123456\ng: {h: -5}\ni: 1e5\n"
    as_json = (
        '{"a": 0.30, "b": [1, null, null], "c": true, "d": null, "e": "null", "f": "0123456", "g": {"h": -5}, "i": 1e5}'
    )
    expected: Plain = {
        "a": "0.30",
        "b": ["1", None, None],
        "c": "true",
        "d": None,
        "e": "null",
        "f": "0123456",
        "g": {"h": "-5"},
        "i": "1e5",
    }
    assert read_plain(as_yaml.encode(), "a.yaml") == expected
    assert read_plain(as_json.encode(), "a.json") == expected
    assert read_plain(as_json.encode(), "answers") == expected
    assert read_plain(b"\xef\xbb\xbf" + as_json.encode()) == expected


def test_what_is_not_known_is_none_and_never_nothing_or_zero():
    assert read_plain(b"{a: , b: ~, c: null, d: '', e: \"~\", f: 0}", "a.yaml") == {
        "a": None,
        "b": None,
        "c": None,
        "d": "",
        "e": "~",
        "f": "0",
    }
    assert read_plain(b"a: |\n  null\nb: |-\n  ~", "a.yaml") == {"a": "null\n", "b": "~"}


@pytest.mark.parametrize(
    ("source", "value"),
    [("true", "true"), ("[false, [true]]", ["false", ["true"]]), ("12.50", "12.50"), ("null", None), ('"x"', "x")],
)
def test_json_may_be_a_single_value(source, value):
    assert read_plain(source.encode(), "a.json") == value


def test_a_number_in_json_of_any_length_is_its_text():
    digits = "9" * 100_000
    assert read_plain(f'{{"a": {digits}, "b": -0.{digits}}}'.encode(), "a.json") == {"a": digits, "b": f"-0.{digits}"}


@provokes("E140", "E141")
@pytest.mark.parametrize(
    ("source", "code", "place", "said"),
    [
        ('{"a": 1,\n "b": {"a": 1, "a": 2}}', "E122", (2, 16), "“a” stands twice; first on line 2"),
        ('{"a": 1,\n "\\u0061": 2}', "E122", (2, 2), "first on line 1"),
        ('[{"a": 1}, {"b": [NaN]}]', "E141", (1, 19), "“NaN” is not a number"),
        ('{"a": -Infinity}', "E141", (1, 7), "“-Infinity”"),
        ('["a",\n "\\ud800"]', "E134", (2, 2), "U+D800"),
        ('{"a": {"\\u0000": 1}}', "E134", (1, 8), "U+0000"),
        ('"\\udc00"', "E134", (1, 1), "U+DC00"),
        ('["\\ud83d\\ude00", "\\b"]', "E134", (1, 18), "U+0008"),
        ('["a\u202e"]', "E104", (1, 4), "U+202E"),
        ('{"a": 1,}', "E140", (1, 9), "key in double quotes"),
        ("{'a': 1}", "E140", (1, 2), "key in double quotes"),
        ('{"a" 1}', "E140", (1, 6), "“:” is missing"),
        ('{"a": 1 "b": 2}', "E140", (1, 9), "“,” is missing"),
        ('["a\n"]', "E140", (1, 4), "line break"),
        ('["\\q"]', "E140", (1, 3), "escape"),
        ('["a', "E140", (1, 2), "never closed"),
        ('{"a": }', "E140", (1, 7), "a value is expected"),
        ('{"a": +1}', "E140", (1, 7), "a value is expected"),
        ('{"a": 01}', "E140", (1, 8), "“,” is missing"),
        ("[1] [2]", "E140", (1, 5), "more after the first value"),
        ("", "E109", (0, 0), "empty"),
    ],
)
def test_a_mistake_in_json_is_told_where_it_is_and_what_it_is(source, code, place, said):
    found = plain_refusal(source)
    if "Illegal trailing comma" in found.en or source.endswith(",}"):
        place = (1, found.place.column)  # versions of the parser point at the comma or at what follows it
    assert (found.code, (found.place.line, found.place.column)) == (code, place)
    assert said in found.en


def test_json_too_deep_is_refused_at_any_depth_and_cut_anywhere():
    assert read_plain(b"[" * 16 + b"]" * 16, "a.json")
    for depth in (17, 500, 990, 1_000, 1_010, 100_000):
        for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
            found = plain_refusal(opening * depth + b"1" + closing * depth)
            assert (found.code, found.place.column) == ("E106", 16 * len(opening) + 1)
            assert plain_refusal(opening * depth).code in ("E106", "E140")


def test_json_with_too_many_values_is_refused_unread():
    assert plain_refusal("[" + "1," * 20 + "1]", limits=Limits(nodes=20)).code == "E108"
    assert read_plain(("[" + "1," * 18 + "1]").encode(), "a.json", Limits(nodes=20))


@provokes("E113")
def test_facts_are_read_from_a_file(tmp_path):
    (tmp_path / "a.json").write_bytes(b'{"a": 1}')
    (tmp_path / "b.yaml").write_bytes(b"a: [1]")
    assert read_plain(tmp_path / "a.json") == {"a": "1"}
    assert read_plain(tmp_path / "b.yaml") == {"a": ["1"]}
    for wrong in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(PolicyError) as caught:
            read_plain(wrong)
        assert caught.value.problems[0].code == "E113"
        assert caught.value.problems[0].place.file == str(wrong)
    (tmp_path / "large.json").write_bytes(b"[" + b" " * 200 + b"]")
    with pytest.raises(PolicyError) as caught:
        read_plain(tmp_path / "large.json", limits=Limits(file_bytes=100))
    assert caught.value.problems[0].code == "E101"


YAML_FACTS = b"a:\n  - {b: 1, c: x}\n  - {b: 2, c: y}\nd: z\n"
JSON_FACTS = b'{"a": [\n  {"b": 1, "c": "x, [}"},\n  {"b": 2 , "c" : "y"}],\n "d": "z"}'


@pytest.mark.parametrize(
    ("path", "in_yaml", "in_json"),
    [
        ((), (1, 1), (1, 1)),
        (("a",), (2, 3), (1, 7)),
        (("a", 0, "c"), (2, 15), (2, 17)),
        (("a", 1, "b"), (3, 9), (3, 9)),
        (("a", 1, "c"), (3, 15), (3, 19)),
        (("d",), (4, 4), (4, 7)),
        (("a", 1, "none"), (3, 5), (3, 3)),
        (("a", 7), (2, 3), (1, 7)),
        (("a", "b"), (2, 3), (1, 7)),
        (("d", "b", 0), (4, 4), (4, 7)),
        (("none",), (1, 1), (1, 1)),
    ],
)
def test_a_value_is_found_by_its_path_or_else_the_part_that_should_hold_it(path, in_yaml, in_json):
    assert locate(YAML_FACTS, path, "a.yaml") == Place("a.yaml", *in_yaml)
    assert locate(JSON_FACTS, path, "a.json") == Place("a.json", *in_json)


def test_a_value_in_a_file_that_cannot_be_read_has_no_place():
    for source, name in ((b"a: [", "a.yaml"), (b'{"a": [', "a.json"), (b'{"a":1,"a":2}', "a.json")):
        with pytest.raises(PolicyError):
            locate(source, ("a",), name)


def after_reading(*arguments: str) -> dict[str, tuple[str, float]]:
    """What came of each hostile file in a process of its own, which may not pass the limit of memory."""
    run = subprocess.run(
        [sys.executable, hostile.__file__, *arguments],
        capture_output=True,
        check=False,
        timeout=300,
        env={"PYTHONPATH": str(Path(loader.__file__).parents[2])},
    )
    assert run.returncode == 0, run.stderr.decode()[-2_000:]
    result = json.loads(run.stdout)
    assert result["peak"] < hostile.MEMORY
    assert {name: seconds for name, (_, seconds) in result["files"].items() if seconds > hostile.SECONDS} == {}
    return result["files"]


def test_a_hostile_file_ends_soon_in_little_memory():
    found = after_reading("c" if yaml.__with_libyaml__ else "python")
    assert len(found) == len(hostile.YAML_FILES) + len(hostile.JSON_FILES) > 90
    assert {name for name, (code, _) in found.items() if code == "read"} == hostile.HARMLESS


def test_the_slower_parser_ends_soon_too():
    costly = ["block indentation.yaml", "laughs.yaml", "brackets open on short lines.yaml", "single quote open.yaml"]
    assert {name: code for name, (code, _) in after_reading("python", *costly).items()} == {
        "block indentation.yaml": "E108",
        "laughs.yaml": "E120",
        "brackets open on short lines.yaml": "E106",
        "single quote open.yaml": "E126",
    }


def test_a_long_list_of_facts_is_read_in_json_and_told_apart_from_yaml():
    rows = [{"seller": f"S{n}", "net": n, "paid_on": None} for n in range(20_000)]
    found = read_plain(json.dumps({"investment": rows}).encode(), "facts.json")
    assert found["investment"][-1] == {"seller": "S19999", "net": "19999", "paid_on": None}  # type: ignore[index,call-overload]
    assert JSON_LIMITS.file_bytes > FACTS_LIMITS.file_bytes > loader.PROGRAMME_LIMITS.file_bytes == MIB
