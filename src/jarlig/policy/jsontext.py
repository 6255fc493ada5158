"""Reading facts from JSON: numbers stay the text that was written, nothing is given twice, nothing is guessed."""

from __future__ import annotations

import json
import re
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
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+', re.DOTALL)
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
    text = decode_json(source, file, JSON_LIMITS)
    index = _skip(text, 0)
    for step in path:
        found = _step(text, index, step)
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
    if HIDDEN.search(text) or LONE_SURROGATE.search(text):
        raise _Fault


def _translated(error: json.JSONDecodeError, text: str, file: str) -> PolicyError:
    reason = next(words for pattern, words in _REASONS if re.search(pattern, error.msg))
    return refused("E140", text, place_of(text, error.pos, file), reason=reason)


def _first_fault(text: str, file: str, limits: Limits) -> PolicyError:
    """The place of what is too deep, given twice, not a number or hidden; the slow look, taken once all is lost."""
    open_keys: list[dict[str, int] | None] = []
    last, last_at = "", 0
    for match in _TOKEN.finditer(text):
        token, at = match.group(), match.start()
        place = place_of(text, at, file) if token in _WORDS_OF_NO_NUMBER else None
        if place:
            return refused("E141", text, place, token)
        if token in ("{", "["):
            open_keys.append({} if token == "{" else None)
            if len(open_keys) > limits.nesting:
                return refused("E106", text, place_of(text, at, file), most=limits.nesting)
        elif token in ("}", "]") and open_keys:
            open_keys.pop()
        elif token == ":" and open_keys and (keys := open_keys[-1]) is not None:
            key = json.loads(last, strict=False)
            if key in keys:
                first = place_of(text, keys[key], file).line
                return refused("E122", text, place_of(text, last_at, file), key, first=first)
            keys[key] = last_at
        elif token.startswith('"') and _SUSPECT.search(token):
            value = json.loads(token)
            hidden = HIDDEN.search(value) or LONE_SURROGATE.search(value)
            if hidden:
                found = f"U+{ord(hidden.group()):04X}"
                return refused("E134", text, place_of(text, at, file), found=found)
        last, last_at = token, at
    return refused("E106", text, Place(file, 0, 0), most=limits.nesting)


_WORDS_OF_NO_NUMBER = frozenset(("NaN", "Infinity", "-Infinity"))


def _skip(text: str, index: int) -> int:
    match = _SPACE.match(text, index)
    return match.end() if match else index


def _step(text: str, index: int, step: str | int) -> int | None:
    """Where one part of a list or mapping begins, the parts before it skipped."""
    is_object = text[index : index + 1] == "{"
    if text[index : index + 1] not in ("{", "[") or is_object is not isinstance(step, str):
        return None
    index, count = _skip(text, index + 1), 0
    try:
        while text[index : index + 1] not in ("}", "]", ""):
            name: str | int = count
            if is_object:
                name, index = _DECODER.raw_decode(text, index)
                index = _skip(text, _skip(text, index) + 1)
            if name == step:
                return index
            _, index = _DECODER.raw_decode(text, index)
            index = _skip(text, index)
            if text[index : index + 1] == ",":
                index = _skip(text, index + 1)
            count += 1
    except (json.JSONDecodeError, _Fault, RecursionError):
        # A message about the file is being made: a fault further on is told by whoever reads the file.
        return None
    return None
