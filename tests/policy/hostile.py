"""Files made to hurt a reader: each must end in a clear error (or be read), soon and in little memory.

Run as a program, ``hostile.py PARSER [NAME ...]``, it reads every file or those named once, under a limit of memory,
and prints a JSON object of what came of each; PARSER is ``c`` or ``python``.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import yaml

MIB = 1 << 20
#: What the whole process may use, the interpreter included.
MEMORY = 256 * MIB
#: What one file may cost, in processor time; the same bound for the parser in Python, some five times as slow.
SECONDS = 2.0


def filled(pattern: str, size: int = MIB - 16) -> bytes:
    """A pattern repeated to a size, by default just under the limit."""
    unit = pattern.encode()
    return unit * (size // len(unit))


def laughs() -> bytes:
    """Each line ten times the line before it."""
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    return "\n".join(lines).encode()


def stairs(unit: str, depth: int) -> bytes:
    """Block lists or mappings, each one step deeper."""
    return "\n".join(" " * n + unit for n in range(depth)).encode()


YAML_FILES: dict[str, bytes] = {
    "brackets open on one line": filled("["),
    "braces open on one line": filled("{"),
    "brackets open on short lines": filled("[[[[\n"),
    "braces open on short lines": filled("{a: \n"),
    "seventeen brackets": b"a: " + b"[" * 17 + b"]" * 17,
    "brackets in pairs": filled("[],\n"),
    "list of brackets": filled("- [[[[[[[[[[[[[[[[[[\n"),
    "key brackets": filled("? [\n"),
    "laughs": laughs(),
    "dashes on one line": filled("- "),
    "dashes on lines": filled("-\n"),
    "dashes nested on lines": filled("- - - - - - - - - - - - - - - -\n"),
    "stairs of dashes": stairs("-", 1400),
    "stairs of keys": stairs("a:", 1300),
    "colons": filled(": "),
    "colons on lines": filled(":\n"),
    "question marks": filled("? "),
    "question marks on lines": filled("?\n"),
    "exclamation marks": filled("! "),
    "ampersands": filled("&a "),
    "one key of a mebibyte": filled("k") + b": 1",
    "key of four thousand": b"k" * 3_990 + b": 1",
    "quoted key of two thousand": b'"' + b"k" * 2_000 + b'": 1',
    "huge integer": b"a: " + b"9" * (MIB - 16),
    "many huge integers": filled("- " + "9" * 3_900 + "\n"),
    "many keys": "".join(f"k{n}: 1\n" for n in range(90_000)).encode(),
    "many keys with one hash mask": "".join(f"{n << 61}: 1\n" for n in range(30_000)).encode(),
    "same key many times": filled("a: 1\n"),
    "keys in braces": b"{" + b",\n".join(b"k%d: 1" % n for n in range(40_000)) + b"}",
    "possible keys in brackets": b"[" + filled('"a", \n', MIB - 16) + b"]",
    "tag": b"a: !!python/object/apply:os.system [true]",
    "tags on every line": filled("- !!int 1\n"),
    "tag of a mebibyte": b"!" + filled("t"),
    "anchor of a line": b"&" + b"a" * 3_990 + b" x",
    "merge": b"a: &a {b: 1}\nc:\n  <<: *a",
    "NUL": b"a: \x00",
    "NULs": b"\x00" * MIB,
    "escape of a terminal": b"a: \x1b[31m",
    "escaped escape of a terminal": b'a: "\\e[31m"',
    "override of direction": "a: \u202eb".encode(),
    "UTF-8 broken": b"a: \xff\xfe",
    "UTF-8 overlong": b"a: \xc0\xaf",
    "UTF-8 of half a character": b"a: \xed\xa0\x80",
    "UTF-16": "a: 1".encode("utf-16"),
    "UTF-16 without mark": "a: 1".encode("utf-16-le"),
    "UTF-32": "a: 1".encode("utf-32"),
    "GBK": "a: 内蒙古\n".encode("gb18030"),
    "half a character escaped": b'a: "\\ud800"',
    "character that is none": b'a: "\\UFFFFFFFF"',
    "line of a mebibyte": filled("x"),
    "file of ten mebibytes": filled("a: 1\n", 10 * MIB),
    "marks of order": b"\xef\xbb\xbf\xef\xbb\xbfa: 1",
    "single quote open": b"a: '" + filled("b\n"),
    "double quote open": b'a: "' + filled("b\n"),
    "quotes open and closed": filled("''\n"),
    "escapes": b'a: "' + filled("\\\\\n"),
    "documents": filled("---\n"),
    "document ends": filled("...\n"),
    "directives": filled("%YAML 1.1\n"),
    "comments": filled("#\n"),
    "empty lines": filled("\n"),
    "lone carriage returns": filled("a: 1\r"),
    "tabs": filled("\t"),
    "line breaks unknown to editors": "a: 1\u2028b: 2".encode(),
    "block text of a mebibyte": b"a: |\n" + filled("  x\n"),
    "folded text of empty lines": b"a: >\n" + filled("\n", MIB - 16) + b"  x",
    "block indentation": filled("- |9\n"),
    "plain text over many lines": b"a: x\n" + filled("  y\n", MIB - 16),
    "plain text with colons": filled("a:a"),
    "plain text with hashes": filled("a#a:\n"),
    "flow text over many lines": b"[" + filled("x\n", MIB - 16),
    "commas": b"[" + filled(",\n", MIB - 16),
}

JSON_FILES: dict[str, bytes] = {
    "lists without end": filled("["),
    "objects without end": filled('{"a":'),
    "deep lists": b"[" * 500_000 + b"]" * 500_000,
    "deep objects": filled('{"a":') + b"1" + b"}" * 200_000,
    "seventeen lists": b"[" * 17 + b"]" * 17,
    "number of a mebibyte": b"[" + b"9" * MIB + b"]",
    "fraction of a mebibyte": b"[0." + b"9" * MIB + b"]",
    "not a number": b'{"a": NaN}',
    "infinite": b'{"a": -Infinity}',
    "key twice": b'{"a": 1, "b": {"c": 1, "c": 2}}',
    "key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "many keys with one hash mask": json.dumps({str(n << 61): 1 for n in range(30_000)}).encode(),
    "half a character": b'["\\ud800"]',
    "half a character as key": b'{"\\udc00": 1}',
    "hidden escape": b'["\\u0000"]',
    "text open": b'["' + filled("x"),
    "comma at the end": b"[1,]",
    "two values": b"{} {}",
    "single quotes": b"{'a': 1}",
    "values without end": b"[" + filled("1,"),
    "only space": filled(" "),
    "broken UTF-8": b'["\xff"]',
    "marks of order": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
}


#: Strange, but nothing is wrong with them.
HARMLESS = {
    "keys in braces.yaml",
    "many huge integers.yaml",
    "many keys with one hash mask.yaml",
    "number of a mebibyte.json",
    "fraction of a mebibyte.json",
    "many keys with one hash mask.json",
}


def peak() -> int:
    """The most memory this program has held, in bytes; ``ru_maxrss`` would count what its parent held before it."""
    status = Path("/proc/self/status").read_text("ascii").split()
    return int(status[status.index("VmHWM:") + 1]) * 1024


def main() -> None:
    """Reads every file and prints what came of it."""
    from jarlig.policy import text
    from jarlig.policy.messages import PolicyError

    parser, *names = sys.argv[1:]
    if parser == "python":
        text.PARSER = yaml.Loader
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found = {}
    for ending, files, read in ((".yaml", YAML_FILES, text.read_tree), (".json", JSON_FILES, text.read_plain)):
        for name, content in files.items():
            if names and name + ending not in names:
                continue
            start = time.process_time()
            try:
                read(content, name + ending)
                outcome = "read"
            except PolicyError as error:
                outcome = error.problems[0].code
                str(error)
            found[name + ending] = (outcome, time.process_time() - start)
    sys.stdout.write(json.dumps({"files": found, "peak": peak()}))


if __name__ == "__main__":
    main()
