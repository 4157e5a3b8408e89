"""Files that are whole or not there: a temporary name, the content safely on the disk, then the name."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.errors import CrossfireError

#: What a file is called until it is whole.
PARTIAL = ".partial"


class StoreError(CrossfireError):
    """Results cannot be written where they were asked for, or cannot be read."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    temporary = path.with_name(path.name + PARTIAL)
    try:
        temporary.write_bytes(content)
        into_place(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def into_place(temporary: Path, path: Path) -> None:
    """Give a finished file its name once its content is safely on the disk."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def settle(folder: Path) -> None:
    """Make the names in a folder safe, too, where a folder can be asked that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def digest_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file, or nothing if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def lock(folder: Path) -> int | None:
    """Return a lock on the folder, held until closed or until the process ends; None where there is none to have."""
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StoreError(f"{folder}: another process is writing here; wait for it, or choose another folder") from error
    return handle


def is_written(folder: Path) -> bool:
    """Return whether some process holds the folder's lock; True where that cannot be known."""
    try:
        handle = lock(folder)
    except StoreError:
        return True
    except OSError:  # a folder that this user may only read
        return True
    if handle is None:
        return True
    os.close(handle)
    return False


class Journal:
    """A file to which one line of JSON after the other is added; a line cut short by a crash counts as not there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, entry: dict[str, Any]) -> None:
        """Add a line, safe on the disk when this returns."""
        with self.path.open("ab") as file:
            file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield the lines that are whole."""
        try:
            text = self.path.read_bytes()
        except OSError:
            return
        for line in text.split(b"\n")[:-1]:  # what follows the last end of a line is no whole line
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield entry

    def rewrite(self, entries: list[dict[str, Any]]) -> None:
        """Begin anew with these lines."""
        write_whole(self.path, b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in entries))
