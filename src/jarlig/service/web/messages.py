"""The interface texts (界面文字): ``python -m jarlig.service.web.messages`` gathers them and compiles their Chinese.

English is the source; the Chinese stands in ``locale/zh_Hans/LC_MESSAGES/django.po`` and binds. Texts of programmes
never come here. A text that is no longer used leaves the file; a new one waits there for its Chinese.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SERVICE = Path(__file__).resolve().parents[1]
METHODS = [("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2"), ("**.py", "python")]
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
OPTIONS = {"**/templates/**.html": JINJA, "**/templates/**.txt": JINJA}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
HEADER = "# Interface texts of the service in simplified Chinese, which binds.\n"


@dataclass(frozen=True, slots=True)
class Found:
    """The catalogue as it should be: its two files and what still lacks Chinese."""

    po: bytes
    mo: bytes
    missing: tuple[str, ...]


def path(suffix: str, service: Path = SERVICE) -> Path:
    """The file of the Chinese texts, ``po`` or ``mo``."""
    return service / "locale" / "zh_Hans" / "LC_MESSAGES" / f"django.{suffix}"


def gather(service: Path = SERVICE) -> Found:
    """All texts of the sources with the Chinese that is there."""
    old_file = path("po", service)
    old = read_po(io.BytesIO(old_file.read_bytes()), locale="zh_Hans") if old_file.is_file() else Catalog()
    new = Catalog(locale="zh_Hans", project="Jarlig", header_comment=HEADER, charset="utf-8", fuzzy=False)
    found = extract_from_dir(service, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("NOTE:",))
    for name, _line, text, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        known = old.get(text if isinstance(text, str) else text[0], context)
        # A line number would change with every edit; the library takes none and says so in no type.
        new.add(text, known.string if known else None, [(name, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    missing = tuple(
        str(one.id) for one in new if one.id and not all(one.string if isinstance(one.string, tuple) else (one.string,))
    )
    return Found(po=_written(new), mo=_compiled(new), missing=missing)


def _written(catalogue: Catalog) -> bytes:
    """The readable file, without the hours and tools that would change it every time."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, omit_header=True, sort_output=True, include_lineno=False)
    head = (
        HEADER + 'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return head.encode() + out.getvalue().lstrip(b"\n")


def _compiled(catalogue: Catalog) -> bytes:
    """The file that a server reads; the same for the same texts."""
    plain = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False)
    for one in catalogue:
        if one.id and all(one.string if isinstance(one.string, tuple) else (one.string,)):
            plain.add(one.id, one.string, context=one.context)
    plain.creation_date = plain.revision_date = EPOCH
    out = io.BytesIO()
    write_mo(out, plain)
    return out.getvalue()


def main() -> int:
    """The command: writes both files, names what lacks its Chinese, and is 1 while anything does."""
    found = gather()
    path("po").parent.mkdir(parents=True, exist_ok=True)
    path("po").write_bytes(found.po)
    path("mo").write_bytes(found.mo)
    for text in found.missing:
        sys.stderr.write(f"缺中文 / no Chinese yet: {text}\n")
    return 1 if found.missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
