"""A scanner of viruses for the tests."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path


class Clamd:
    """A scanner that speaks clamd's language over a real socket and knows two viruses."""

    def __init__(self, path: Path) -> None:
        self.path, self.seen = str(path), 0
        self.line = socket.socket(socket.AF_UNIX)
        self.line.bind(self.path)
        self.line.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                line, _ = self.line.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                inside = b""
                while size := struct.unpack("!I", said.read(4))[0]:
                    inside += said.read(size)
                self.seen += 1
                found = b"virus" in inside or b"$EICAR-STANDARD" in inside
                line.sendall(b"stream: Test.Virus FOUND\0" if found else b"stream: OK\0")

    def close(self) -> None:
        self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self.thread.join()
