"""Folders that somebody made to do harm: each is a sentence, within limits, and the server lives."""

from __future__ import annotations

import io
import resource
import stat
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
from tests.service.catalogue.office import files, in_force, office, packed

from jarlig.service.catalogue import sandbox, upload
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.models import Programme
from jarlig.service.catalogue.upload import MOST_FILE, MOST_PACKED, unpack
from jarlig.service.ground.errors import Invalid, Refused

TEXT = b"programme: x\n"


def _zip(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data, compress_type=method)
    return out.getvalue()


def _with_kind(kind: int, data: bytes = b"/etc/passwd") -> bytes:
    entry = zipfile.ZipInfo("guides/2023.yaml")
    entry.external_attr = (kind | 0o777) << 16
    return _zip(("programme.yaml", TEXT), (entry, data))


def _lying_about_its_size() -> bytes:
    """A file whose directory says 10 bytes and which inflates to far more."""
    data = bytearray(_zip(("programme.yaml", b"a" * (MOST_FILE * 3))))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def _locked() -> bytes:
    data = bytearray(_zip(("programme.yaml", TEXT)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def _cut() -> bytes:
    return packed(files())[:-40]


def _crc_wrong() -> bytes:
    data = bytearray(_zip(("programme.yaml", TEXT * 20), method=zipfile.ZIP_STORED))
    data[data.index(TEXT) + 3] ^= 1
    return bytes(data)


PACKED: dict[str, Callable[[], bytes]] = {
    "not a zip": lambda: b"hello",
    "empty": lambda: b"",
    "a zip of nothing": lambda: _zip(),
    "cut off": _cut,
    "a bit turned over": _crc_wrong,
    "locked": _locked,
    "too large": lambda: b"PK" + b"0" * MOST_PACKED,
    "bomb of one file": lambda: _zip(("programme.yaml", b"a" * (200 << 20))),
    "bomb of many files": lambda: _zip(*((f"measures/{i}.yaml", b"a" * MOST_FILE) for i in range(40))),
    "bomb that lies about its size": _lying_about_its_size,
    "ten thousand files": lambda: _zip(*((f"measures/{i}.yaml", b"") for i in range(10_000))),
    "slip upwards": lambda: _zip(("../../etc/cron.d/x.yaml", TEXT)),
    "slip in the middle": lambda: _zip(("tiny/../../x.yaml", TEXT)),
    "slip by the root": lambda: _zip(("/etc/x.yaml", TEXT)),
    "slip by a backslash": lambda: _zip(("..\\..\\x.yaml", TEXT)),
    "slip by a drive": lambda: _zip(("C:/x.yaml", TEXT)),
    "a link": lambda: _with_kind(stat.S_IFLNK),
    "a pipe": lambda: _with_kind(stat.S_IFIFO),
    "a device": lambda: _with_kind(stat.S_IFCHR),
    "a program": lambda: _zip(("programme.yaml", TEXT), ("run.py", b"print()")),
    "another zip inside": lambda: _zip(("programme.yaml", TEXT), ("more.zip", _zip(("x.yaml", TEXT)))),
    "the same name twice": lambda: _zip(("programme.yaml", TEXT), ("PROGRAMME.yaml", TEXT)),
    "a hidden character in a name": lambda: _zip(("programme.yaml", TEXT), ("guides/\u202elmay.yaml", TEXT)),
    "a name without end": lambda: _zip((f"{'a' * 5_000}.yaml", TEXT)),
    "folders without end": lambda: _zip(("/".join("a" * 50) + ".yaml", TEXT)),
    "another packing": lambda: _zip(("programme.yaml", TEXT), method=zipfile.ZIP_LZMA),
    "no programme in it": lambda: _zip(("guides/2023.yaml", TEXT)),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("what", PACKED)
def test_a_hostile_zip_is_a_sentence_and_costs_little(what: str) -> None:
    data = PACKED[what]()
    began, most = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid) as caught:
        unpack(data)
    assert caught.value.field == "folder" and len(str(caught.value)) > 10
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 96 * 1024


def test_what_file_managers_add_is_left_out_and_an_outer_folder_taken_off() -> None:
    contents = files() | {"__MACOSX/._x": b"\0", ".DS_Store": b"\0", "notes/readme.md": b"# Notes"}
    assert set(unpack(packed(contents))) == set(files()) | {"notes/readme.md"}
    assert unpack(packed(files(), outer="")) == files()


def test_a_chinese_name_from_an_older_packer_is_read() -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = entry.orig_filename = "说明.md".encode("gb18030").decode("cp437")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("programme.yaml", TEXT)
        archive.writestr(entry, b"x")
    data = bytearray(out.getvalue())
    written = entry.filename.encode()
    exact = "说明.md".encode("gb18030")
    # Python marks the name as UTF-8; an older packer wrote bytes of the code page, without a mark.
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("programme.yaml", TEXT)
        archive.writestr("a" * len(exact), b"x")
    data = plain.getvalue().replace(b"a" * len(exact), exact)
    assert written != exact and set(unpack(data)) == {"programme.yaml", "说明.md"}


HOSTILE: dict[str, tuple[str, bytes]] = {
    "dotted keys, 41 KB": ("measures/02.yaml", (".".join("a" * 20_000) + ": 1\n").encode()),
    "a number without end": ("measures/02.yaml", b"- offer: x\n  cap: " + b"9" * 3_900 + b"\n"),
    "a number of all lines": ("measures/02.yaml", b"- offer: x\n  cap: " + b"9" * 900_000 + b"\n"),
    "nesting in brackets": ("measures/02.yaml", b"[" * 50_000),
    "nesting in lines": ("measures/02.yaml", b"".join(b" " * i + b"a:\n" for i in range(900))),
    "not UTF-8": ("measures/02.yaml", b"- offer: \xff\xfe\xfa\n"),
    "UTF-16": ("measures/02.yaml", "- offer: x".encode("utf-16")),
    "a laughing billion": ("measures/02.yaml", b"a: &a [1]\nb: &b [*a,*a]\nc: [*b,*b]\n"),
    "a tag that runs code": ("measures/02.yaml", b"!!python/object/apply:os.system ['true']\n"),
    "an expression without end": ("measures/02.yaml", b"- offer: x\n  when: [" + b"(" * 3_000 + b"]\n"),
    "a query": ("measures/02.yaml", b"- offer: x\n  when: [\"(select 1 from read_csv('/etc/passwd'))\"]\n"),
    "hidden characters": ("measures/02.yaml", "- offer: \u202ex\n".encode()),
    "a null byte": ("measures/02.yaml", b"- offer: a\0b\n"),
    "a null byte by its escape": ("measures/02.yaml", b'- offer: "a\\0b"\n'),
    "half a character": ("measures/02.yaml", b'- offer: "\\ud83d"\n'),
    "no character": ("measures/02.yaml", "- offer: a\uffffb\n".encode()),
    "a hundred thousand entries": ("measures/02.yaml", b"- {offer: x}\n" * 70_000),
    "the programme is empty": ("programme.yaml", b""),
    "the programme is a list": ("programme.yaml", b"- a\n- b\n"),
    "a step of a route without end": (
        "guides/2024.yaml",
        b"guide: 2024\nroutes: {a: {steps: [" + b"{}," * 20_000 + b"]}}",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_told_with_its_place_by_the_child(what: str) -> None:
    name, data = HOSTILE[what]
    contents = files() | {name: data}
    assert unpack(packed(contents)) == contents
    said = sandbox.checked(contents, patience=30)
    assert said["ok"] is False and said["problems"]
    first = next(one for one in said["problems"] if one["file"] == name)
    assert first["severity"] == "error" and first["zh"] and first["en"] and len(first["en"]) <= 2_000
    assert first["source"].isprintable()


def test_a_hostile_file_leaves_a_draft_and_the_next_folder_comes_in(db: None) -> None:
    made = office()
    in_force(made)
    with made.sits("author"):
        programme = Programme.objects.get()
        hostile = packed(files() | {"measures/02.yaml": b"[" * 50_000})
        assert import_at_once(hostile, "x.zip", into=programme).state == "draft"
        better = packed(files(("measures/01.yaml", "rate: 20%", "rate: 20%  # as before")))
        assert import_at_once(better, "y.zip", into=programme).state == "checked"


#: Programs that stand in for the check and misbehave, each in its own way.
MISBEHAVE = {
    "spins": "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass",
    "sleeps": "import time; time.sleep(60)",
    "eats": "from jarlig.service.catalogue import check_child as c\n"
    "c._report = lambda *_: bytearray(8 << 30)\nc.main()",
    "dies": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "babbles": "import sys; sys.stdin.read(); print('x' * 1_000_000)",
    "says nothing": "import sys; sys.exit(3)",
    "closes its ears": "import os; os.close(0); print('{')",
}


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("spins", "took too long"),
        ("sleeps", "took too long"),
        ("eats", "more memory"),
        ("dies", "broke on this folder"),
        ("babbles", "broke on this folder"),
        ("says nothing", "broke on this folder"),
        ("closes its ears", "broke on this folder"),
    ],
)
def test_a_child_that_misbehaves_is_a_sentence(module: str, said: str) -> None:
    ticks: list[int] = []
    began = time.monotonic()
    with pytest.raises(sandbox.Ended, match=said) as caught:
        sandbox.checked(files(), patience=6, tick=lambda: ticks.append(1), program=("-c", MISBEHAVE[module]))
    assert isinstance(caught.value, Refused) and time.monotonic() - began < 12
    if module == "sleeps":
        assert ticks


def test_a_report_holds_nothing_that_the_database_cannot_keep() -> None:
    said = r'{"a\u0000": ["x\u0000\ud800y", 1, null, "\ud83d\ude00"]}'
    program = f"import sys; sys.stdin.read(); print({said!r})"
    report = sandbox.checked(files(), patience=6, program=("-c", program))
    assert report == {"a\ufffd": ["x\ufffd\ufffdy", 1, None, "\U0001f600"]}


def test_the_child_knows_no_setting_of_the_service() -> None:
    environment = sandbox._environment()
    assert not any("JARLIG" in name or "DATABASE" in name for name in environment)
    assert set(environment) <= {"PYTHONPATH", "PATH", "LANG", "PYTHONDONTWRITEBYTECODE", "OMP_NUM_THREADS"}


def test_limits_of_the_upload_are_those_of_the_language() -> None:
    from jarlig.policy.source import PROGRAMME_LIMITS

    assert PROGRAMME_LIMITS.file_bytes == upload.MOST_FILE
