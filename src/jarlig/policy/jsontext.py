"""Reading facts from JSON: numbers stay the text that was written, nothing is given twice, nothing is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NoReturn, TypeAlias

from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place, PolicyError
from jarlig.policy.source import HIDDEN, JSON_LIMITS, LONE_SURROGATE, Limits, decode_json, place_of, refused

#: Facts without kinds: None is what is not known (未知).
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | None"

#: Escapes that may make a hidden character or half of one; a file without any needs no second look at its texts.
_SUSPECT = re.compile(
    r"\\(?:[bf]|u(?:00(?:[01][0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])|20(?:2|6)|[dD][89a-fA-F]|[fF][eE][fF]|[fF]{3}))"
)
_WORD = re.compile(r"-?\w+")
_SPACE = re.compile(r"[ \t\r\n]*")

#: What the parser of the standard library says, in our words; its wordings differ a little between versions.
_REASONS = (
    (r"Unterminated string", Words("引号没有结束", "this quote is never closed")),
    (r"property name|trailing comma", Words("此处应为带双引号的键", "a key in double quotes is expected here")),
    (r"':' delimiter", Words("键后缺少“:”", "a “:” is missing after the key")),
    (r"',' delimiter", Words("此处缺少“,”或括号没有结束", "a “,” is missing here, or a bracket is never closed")),
    (r"escape", Words("转义无效", "an escape that does not exist")),
    (r"control character", Words("文本里有换行或控制字符", "a line break or control character inside a text")),
    (r"Extra data", Words("第一个值之后还有内容", "there is more after the first value")),
    (r"", Words("此处应有一个值", "a value is expected here")),
)


class _Fault(Exception):
    """Something the parser lets pass; its place is looked for afterwards."""


def is_json(source: bytes, file: str) -> bool:
    """Whether a file is JSON: by the end of its name, else by its first sign."""
    if file.endswith((".json", ".yaml", ".yml")):
        return file.endswith(".json")
    return source[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read(source: bytes, file: str, limits: Limits) -> Plain:
    """The values of a JSON file, every number, ``true`` and ``false`` as its text.

    Raises:
        PolicyError: at the place where reading stopped.
    """
    text = decode_json(source, file, limits)
    try:
        value: Plain = _DECODER.decode(text)
        _settle(value, limits.nesting, bool(_SUSPECT.search(text)))
    except json.JSONDecodeError as error:
        raise _translated(error, text, file) from error
    except (_Fault, RecursionError) as error:
        raise _first_fault(text, file, limits) from error
    return _text_of(value)


def locate(source: bytes, path: tuple[str | int, ...], file: str) -> Place:
    """The place of a value; the innermost part that the file has, when it lacks the rest of the path."""
    read(source, file, JSON_LIMITS)
    text = decode_json(source, file, JSON_LIMITS)
    index = _skip(text, 0)
    for step in path:
        parts = _parts(text, index) if text[index] in "{[" else iter(())
        found = next((value_at for name, _, value_at in parts if name == step), None)
        if found is None:
            break
        index = found
    return place_of(text, index, file)


def _object(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Fault
    return found


def _no_constant(text: str) -> NoReturn:
    raise _Fault(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_constant)


def _text_of(value: Plain | bool) -> Plain:
    """``true`` and ``false`` as the texts that they are in YAML too."""
    return str(value).lower() if isinstance(value, bool) else value


def _settle(root: Plain, nesting: int, suspect: bool) -> None:
    """Makes texts of true and false, level by level, and refuses what is too deep or hidden."""
    if suspect and isinstance(root, str):
        _visible(root)
    level: list[dict[str, Plain] | list[Plain]] = [root] if isinstance(root, dict | list) else []
    while level:
        if nesting == 0:
            raise _Fault
        nesting -= 1
        below: list[dict[str, Plain] | list[Plain]] = []
        for part in level:
            if suspect and isinstance(part, dict):
                _visible("".join(part))
            for key, value in part.items() if isinstance(part, dict) else enumerate(part):
                if value.__class__ is str:
                    if suspect:
                        _visible(str(value))
                elif isinstance(value, dict | list):
                    below.append(value)
                elif value is not None:
                    part[key] = _text_of(value)  # type: ignore[index]  # the key comes from this very part
        level = below


def _visible(text: str) -> None:
    if _hidden_in(text):
        raise _Fault


def _hidden_in(text: str) -> str:
    """The first character of a text that nobody can see, or nothing."""
    found = HIDDEN.search(text) or LONE_SURROGATE.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def _translated(error: json.JSONDecodeError, text: str, file: str) -> PolicyError:
    reason = next(words for pattern, words in _REASONS if re.search(pattern, error.msg))
    return refused("E140", text, place_of(text, error.pos, file), reason=reason)


def _first_fault(text: str, file: str, limits: Limits) -> PolicyError:
    """The place of what is given twice, too deep, not a number or hidden: down into the first part that has a fault."""
    index, nesting, suspect = _skip(text, 0), limits.nesting, bool(_SUSPECT.search(text))
    while text[index] in "{[":
        if nesting == 0:
            return refused("E106", text, place_of(text, index, file), most=limits.nesting)
        nesting -= 1
        seen: dict[str | int, int] = {}
        for name, key_at, value_at in _parts(text, index):
            if name in seen:
                first = place_of(text, seen[name], file).line
                return refused("E122", text, place_of(text, key_at, file), str(name), first=first)
            if hidden := _hidden_in(str(name)):
                return refused("E134", text, place_of(text, key_at, file), found=hidden)
            seen[name] = key_at
            if _is_faulty(text, value_at, nesting, suspect):
                index = value_at
                break
        else:
            break
    return _faulty_scalar(text, index, file)


def _is_faulty(text: str, index: int, nesting: int, suspect: bool) -> bool:
    try:
        value, _ = _DECODER.raw_decode(text, index)
        _settle(value, nesting, suspect)
    except (_Fault, RecursionError, json.JSONDecodeError):  # too deep for the parser may be cut short further down
        return True
    return False


def _faulty_scalar(text: str, index: int, file: str) -> PolicyError:
    place = place_of(text, index, file)
    if text[index] == '"':
        value, _ = _DECODER.raw_decode(text, index)
        return refused("E134", text, place, found=_hidden_in(value))
    word = _WORD.match(text, index)
    return refused("E141", text, place, word.group() if word else "")


def _skip(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index


def _parts(text: str, index: int) -> Iterator[tuple[str | int, int, int]]:
    """The parts of a list or mapping: its key or position, where the key stands, where the value stands.

    A value is skipped, by the fast parser, only when the part after it is asked for.
    """
    is_object = text[index] == "{"
    index, count = _skip(text, index + 1), 0
    while text[index] not in "]}":
        name: str | int = count
        key_at = index
        if is_object:
            name, index = _DECODER.raw_decode(text, index)
            index = _skip(text, _skip(text, index) + 1)
        yield name, key_at, index
        _, index = _DECODER.raw_decode(text, index)
        index = _skip(text, index)
        if text[index] == ",":
            index = _skip(text, index + 1)
        count += 1
