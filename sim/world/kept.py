"""Where what is worked out once is kept: the cache folder, and files in it that are whole or count as not there."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

#: What a file begins with; the checksum of all that follows comes next.
_HEAD = b"crossfire kernel 2\n"


def cache_root() -> Path:
    """Return the folder that holds compiled rules (``CROSSFIRE_CACHE``, else the user's cache folder).

    A user without a home has one among the temporary files.
    """
    if given := os.environ.get("CROSSFIRE_CACHE"):
        return Path(given).absolute()
    given = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # others are to be ignored, says the XDG Base Directory Specification
        return Path(given) / "crossfire"
    try:
        return Path.home() / ".cache" / "crossfire"
    except RuntimeError:
        return Path(tempfile.gettempdir()) / f"crossfire-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def content_of(path: Path) -> bytes | None:
    """Return what a file holds; None if it is not there, or not what was written."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    begins = len(_HEAD) + 32
    whole = raw.startswith(_HEAD) and hashlib.sha256(raw[begins:]).digest() == raw[len(_HEAD) : begins]
    return raw[begins:] if whole else None


def keep(path: Path, content: bytes) -> None:
    """Keep ``content`` in a file, whole or not at all; its folder is made where it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        temporary.write_bytes(_HEAD + hashlib.sha256(content).digest() + content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def keep_if_possible(path: Path, content: bytes) -> None:
    """Keep ``content`` where that can be done: it can be worked out again."""
    with suppress(OSError):
        keep(path, content)


def prune(paths: Iterable[Path], kept: int) -> None:
    """Remove all but the newest few files or folders."""
    ages = {}
    for path in dict.fromkeys(paths):
        with suppress(OSError):
            ages[path] = path.stat().st_mtime
    for old in sorted(ages, key=lambda path: ages[path], reverse=True)[kept:]:
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        else:
            with suppress(OSError):
                old.unlink()
