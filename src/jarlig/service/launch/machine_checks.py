"""Whether machine and settings are fit (本机体检): Python, settings, keys, the folder of files, styles, languages."""

from __future__ import annotations

import base64
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import jarlig.service
from jarlig.service.config.environment import SETTINGS, SettingError, files_host, folder, hosts, required, switch
from jarlig.service.launch.finding import INFO, MEND, OK, WARN, Finding, found

FLOOR = (3, 11)
#: The part of a disk that may be used before the doctor warns.
USED = 0.8
SECRET = 50
_ROOMS = Path(jarlig.service.__file__).parent


def machine(environ: Mapping[str, str], version: tuple[int, int] = sys.version_info[:2]) -> Iterator[Finding]:
    """Everything that can be said without a database."""
    here, need = ".".join(map(str, version)), ".".join(map(str, FLOOR))
    yield found(
        "python", version >= FLOOR, (f"Python {here}", f"Python {here}"),
        (f"Python {here} 过旧", f"Python {here} is too old"),
        (f"请安装 Python {need} 以上版本", f"install Python {need} or newer"),
    )  # fmt: skip
    yield from _settings(environ)
    yield from _hosts(environ)
    yield from _keys(environ)
    yield from files(folder("JARLIG_FILES", Path.cwd() / "var", environ))
    yield from styles(_ROOMS / "web")
    yield from languages(_ROOMS / "locale")
    yield from _extras()


def _settings(environ: Mapping[str, str]) -> Iterator[Finding]:
    bad: list[SettingError] = []
    for name in ("JARLIG_DATABASE_URL", "JARLIG_SECRET_KEY", "JARLIG_DATA_KEY", "JARLIG_HTTPS"):
        try:
            (switch if name == "JARLIG_HTTPS" else required)(name, environ)
        except SettingError as error:
            bad.append(error)
    for one in bad:
        yield Finding(
            "settings", MEND, (f"{one.name} {one.zh}", f"{one.name} {one.en}"),
            ("请在服务的环境变量中设置", "set it in the environment of the service"),
        )  # fmt: skip
    known = {one.name for one in SETTINGS} | {"JARLIG_COMMAND"}
    for name in sorted(name for name in environ if name.startswith("JARLIG_") and name not in known):
        yield Finding(
            "settings", WARN, (f"没有名为 {name} 的设置", f"there is no setting {name}"),
            ("可能是笔误；它不起作用", "probably misspelt; it has no effect"),
        )  # fmt: skip
    if not bad:
        yield Finding("settings", OK, ("必需的设置齐全", "all settings that must be there are there"))


def _hosts(environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        names, other = hosts(environ), files_host(environ)
    except SettingError as error:
        yield Finding(
            "hosts", MEND, (f"{error.name} {error.zh}", f"{error.name} {error.en}"),
            ("服务无法启动。请只写域名，逗号分隔", "the service cannot start. Write host names, with commas between"),
        )  # fmt: skip
        return
    listed = ", ".join(names)
    yield Finding("hosts", OK, (f"服务应答的域名：{listed}", f"the service answers to {listed}"))
    if other:
        yield found(
            "files_host", any(name != other.partition(":")[0] for name in names),
            (f"文件从 {other} 下载", f"files are served from {other}"),
            (f"JARLIG_FILES_HOST 与站点同为 {other}", f"JARLIG_FILES_HOST is {other}, as the site itself"),
            ("文件未与站点隔离。请另用一个指向同一服务的域名",
             "files are not kept apart from the site. Use another host name that points to the same service"),
            otherwise=WARN,
        )  # fmt: skip


def _keys(environ: Mapping[str, str]) -> Iterator[Finding]:
    secret, data = environ.get("JARLIG_SECRET_KEY", ""), environ.get("JARLIG_DATA_KEY", "")
    command = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
    if secret:
        yield found(
            "secret_key", len(secret) >= SECRET and len(set(secret)) >= 5,
            ("签名密钥够长", "the key for signing is long enough"),
            (f"JARLIG_SECRET_KEY 只有 {len(secret)} 个字符，或字符过于单一",
             f"JARLIG_SECRET_KEY has {len(secret)} characters, or repeats the same ones"),
            (f"会话可被伪造。请换成：{command}", f"sessions could be forged. Make another: {command}"),
        )  # fmt: skip
    if data:
        try:
            size = len(base64.b64decode(data, validate=True))
        except ValueError:
            size = 0
        yield found(
            "data_key", size == 32,
            ("个人信息加密密钥可用", "the key for what is personal can be used"),
            ("JARLIG_DATA_KEY 不是 32 字节的 base64", "JARLIG_DATA_KEY is not 32 bytes in base64"),
            ("请用 openssl rand -base64 32 生成；已有数据的请从备份恢复原密钥",
             "make one with openssl rand -base64 32; where data are there already, restore the old one"),
        )  # fmt: skip


def files(place: Path) -> Iterator[Finding]:
    """The folder of stored files: whether it can be written, and how full its disk is."""
    there = next(path for path in (place, *place.absolute().parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        yield Finding(
            "files", MEND, (f"无法写入文件目录 {place}", f"the folder of files {place} cannot be written"),
            ("请改正其权限，或以 JARLIG_FILES 另选", "mend its permissions, or name another in JARLIG_FILES"),
        )  # fmt: skip
        return
    disk = shutil.disk_usage(there)
    part = disk.used / max(disk.total, 1)
    yield found(
        "files", part < USED,
        (f"文件目录可写，磁盘已用 {part:.0%}", f"the folder of files can be written, {part:.0%} of its disk is used"),
        (f"{place} 所在磁盘已用 {part:.0%}", f"{part:.0%} of the disk of {place} is used"),
        ("磁盘写满后不能受理申报。请扩容或清理", "a full disk takes no applications. Make room, or a larger disk"),
        otherwise=WARN,
    )  # fmt: skip


def styles(web: Path) -> Iterator[Finding]:
    """Whether the style sheet was made."""
    if (web / "assets.py").exists():
        yield found(
            "styles", any((web / "static").rglob("*.css")), ("样式已生成", "the style sheet is made"),
            ("样式未生成", "the style sheet is not made"),
            ("页面会没有样式。请执行 python -m jarlig.service.web.assets",
             "pages would have no style. Run python -m jarlig.service.web.assets"),
        )  # fmt: skip


def languages(locale: Path) -> Iterator[Finding]:
    """Whether each catalogue of texts is compiled, and says what its source says."""
    sources = sorted(locale.rglob("*.po"))
    old = [source for source in sources if not _is_compiled(source)]
    if sources:
        names = ", ".join(str(source.relative_to(locale)) for source in old)
        yield found(
            "languages", not old, ("界面译文已编译", "the texts of the pages are compiled"),
            (f"未编译或已过期：{names}", f"not compiled, or older than their source: {names}"),
            ("页面会出现英文。请执行 python -m jarlig.service.web.messages",
             "pages would speak English. Run python -m jarlig.service.web.messages"),
        )  # fmt: skip


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    if not compiled.exists():
        return False
    with source.open("rb") as told, compiled.open("rb") as read:
        return _texts(read_po(told)) <= _texts(read_mo(read))


def _texts(catalogue: Catalog) -> set[tuple[str, ...]]:
    """Each text that has a translation, with it."""
    return {tuple(map(_plain, (one.id, one.context, one.string))) for one in catalogue if one.id and _plain(one.string)}


def _plain(text: object) -> str:
    """A text in one spelling: the two readers differ in bytes and in how they hold plural forms."""
    if isinstance(text, (tuple, list)):
        return "\0".join(map(_plain, text))
    return text.decode() if isinstance(text, bytes) else str(text or "")


def _extras() -> Iterator[Finding]:
    java, solver = shutil.which("java") is not None, importlib.util.find_spec("z3") is not None
    yield Finding(
        "java", INFO,
        ("有 Java，可用 Spark" if java else "没有 Java，不能用 Spark（可选）",
         "Java is there: Spark can be used" if java else "no Java: Spark cannot be used (optional)"),
    )  # fmt: skip
    yield Finding(
        "prover", INFO,
        ("有 z3，可作证明" if solver else "没有 z3，不能作证明（可选）",
         "z3 is there: rules can be proved" if solver else "no z3: rules cannot be proved (optional)"),
    )  # fmt: skip
