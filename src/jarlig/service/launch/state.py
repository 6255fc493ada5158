"""The folder of one running Jarlig (运行目录): its keys, its address, and what its processes are told."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import importlib.util
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import jarlig
from jarlig.cli.trouble import Trouble, cannot_read, cannot_write
from jarlig.service.launch.cluster import Cluster

#: The database in an embedded cluster.
DATABASE = "jarlig"
KEYS = ("JARLIG_SECRET_KEY", "JARLIG_DATA_KEY")
#: What no process but the one that migrates is ever told.
_OWNERS = ("JARLIG_OWNER_DATABASE_URL", "JARLIG_ACTS_AS_OWNER")
_PLAIN, _DEMONSTRATION = "jarlig.service.config.settings", "jarlig.service.config.demo"


def checkout() -> Path | None:
    """The checkout that this code stands in; None when it is installed."""
    root = Path(jarlig.__file__).resolve().parents[2]
    return root if (root / "jarlig").is_file() and (root / "pyproject.toml").is_file() else None


def default_folder() -> Path:
    """``var`` in the checkout that this code stands in, or where the user stands."""
    return (checkout() or Path.cwd()) / "var"


def has(module: str) -> bool:
    """Whether a module is there; it is not imported."""
    return importlib.util.find_spec(module) is not None


class State:
    """One folder; at most one Jarlig runs on it."""

    def __init__(self, folder: Path) -> None:
        """The folder need not be there yet."""
        self.folder = folder.resolve()
        self._lock: int | None = None

    def take(self) -> bool:
        """Takes the folder for this process until it ends, however it ends; false when another has it.

        Raises:
            Trouble: when the folder cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.folder / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise cannot_write(str(self.folder), error) from error
        self.say_address("")
        return True

    def leave(self) -> None:
        """Gives the folder back."""
        if self._lock is not None:
            self.say_address("")
            os.close(self._lock)
            self._lock = None

    def say_address(self, address: str) -> None:
        """Writes down where the page is, for a second start; empty while there is none."""
        with contextlib.suppress(OSError):  # a full disk must not keep anybody from stopping
            (self.folder / "address").write_text(address, encoding="utf-8")

    def address(self) -> str:
        """Where the running Jarlig of this folder answers; empty when none does yet."""
        try:
            return (self.folder / "address").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def keys(self) -> dict[str, str]:
        """The keys of this folder, made once and readable by this account alone.

        Raises:
            Trouble: when they cannot be read or made; lost keys are never made anew beside old data.
        """
        file = self.folder / "keys"
        if not file.exists():
            if (self.folder / "pgdata").exists():
                raise Trouble(
                    f"{file} 不见了，而 {self.folder} 中已有数据：没有密钥，已加密的内容无法读取。请恢复该文件",
                    f"{file} is gone, but {self.folder} holds data: without the keys what is encrypted cannot be read. "
                    "Put the file back",
                )
            self._make_keys(file)
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise cannot_read(str(file), error if isinstance(error, OSError) else OSError(0, "not text")) from error
        found = {name: value for name, _, value in (line.partition("=") for line in lines)}
        if any(not found.get(name) for name in KEYS):
            raise Trouble(
                f"{file} 已损坏：应有 {' 和 '.join(KEYS)} 两行。请从备份恢复",
                f"{file} is damaged: it must hold a line {' and a line '.join(KEYS)}. Restore it from a backup",
            )
        return {name: found[name] for name in KEYS}

    def _make_keys(self, file: Path) -> None:
        words = {KEYS[0]: secrets.token_urlsafe(48), KEYS[1]: base64.b64encode(secrets.token_bytes(32)).decode()}
        part = file.with_name("keys.part")
        try:
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
                opened.writelines(f"{name}={value}\n" for name, value in words.items())
                opened.flush()
                os.fsync(opened.fileno())
            part.rename(file)
        except OSError as error:
            raise cannot_write(str(file), error) from error


def is_demonstration() -> bool:
    """Whether an embedded database is one for trying things out: where the demonstration's settings are there."""
    return has(_DEMONSTRATION)


def embedded(state: State, cluster: Cluster, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the processes of an embedded Jarlig are told; the owner's address is not among it."""
    return {
        **served(environ),
        **state.keys(),
        "JARLIG_DATABASE_URL": cluster.addresses(DATABASE)[1],
        "JARLIG_FILES": str(state.folder / "files"),
        "JARLIG_HTTPS": "0",
        "JARLIG_HOSTS": "127.0.0.1,localhost",
        "DJANGO_SETTINGS_MODULE": _DEMONSTRATION if is_demonstration() else _PLAIN,
    }


def served(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment for web and worker: without the owner."""
    kept = {name: value for name, value in environ.items() if name not in _OWNERS}
    return {**kept, "DJANGO_SETTINGS_MODULE": _PLAIN}


def migrating(served: Mapping[str, str], owner: str) -> dict[str, str]:
    """An environment for the process that migrates: it comes in as the owner."""
    return {**served, "JARLIG_OWNER_DATABASE_URL": owner, "JARLIG_ACTS_AS_OWNER": "1"}
