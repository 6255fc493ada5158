"""Archives with any of their bytes turned over: a refusal in words or what is in them, never a fault of the program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st
from tests.service.catalogue.office import files, packed
from tests.service.documents.made import ofd

from jarlig.service.catalogue.sheets import read_sheet, write_sheet
from jarlig.service.catalogue.upload import unpack
from jarlig.service.documents.kinds.archives import look_ofd, look_xlsx
from jarlig.service.ground.errors import Invalid

SHEET = write_sheet(["信用代码", "value"], [["91150000MA0EXAMP11", "=1+1"], ["x", "2024-05-10"]], "x")
FOLDER = packed(files())


def _look(data: bytes) -> object:
    return look_xlsx(io.BytesIO(data), len(data))


READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "folder": (FOLDER, unpack), "sheet": (SHEET, read_sheet), "file": (SHEET, _look),
}  # fmt: skip


@pytest.mark.parametrize("what", READERS)
@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_an_archive_with_bytes_turned_over_is_read_or_refused(what: str, data: st.DataObject) -> None:
    whole, read = READERS[what]
    raw = bytearray(whole)
    # Faults lie in headers and the directory at the end far more often than in what is packed.
    places = st.one_of(st.integers(0, 80), st.integers(len(raw) - 900, len(raw) - 1), st.integers(0, len(raw) - 1))
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=6)):
        raw[place] = byte
    cut = data.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))
    try:
        read(bytes(raw[:cut]))
    except Invalid as refused:
        assert len(str(refused)) > 5


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("what", READERS)
def test_another_packing_than_the_two_common_ones_is_refused_before_it_is_unfolded(what: str, method: int) -> None:
    whole, read = READERS[what]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    torn = bytearray(out.getvalue())
    torn[120] ^= 0xFF
    for data in (out.getvalue(), bytes(torn)):
        with pytest.raises(Invalid):
            read(data)


def test_names_in_the_bytes_of_an_older_chinese_system_do_not_make_a_bomb() -> None:
    called = "电子商务产业园区二〇二三年度发票扫描件".encode("gbk")
    stand_in = b"x" * len(called)
    raw = ofd({f"{stand_in.decode()}.png": b"a", "Doc_0/Document.xml": b"<d/>"}).replace(stand_in, called)
    look_ofd(io.BytesIO(raw), len(raw))
