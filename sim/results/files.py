"""Files that are whole or not there: a temporary name, the content safely on the disk, then the name.

A folder of results may come from anybody. So nothing in it is read, written or removed through a link, and what is
neither a file nor a folder is not opened.
"""

import errno
import hashlib
import io
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sim.errors import CrossfireError
from sim.wording import in_shell

#: What a file is called until it is whole.
PARTIAL = ".partial"
#: Under this key stands the hash of all that a manifest, or a line of a journal, says beside it.
CHECKSUM = "checksum"
#: More levels than any manifest has; what is nested deeper is no manifest, and would exhaust whoever walks it.
DEEPEST = 100
#: What a system says when another process holds a lock; anything else means that there are none to have.
_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
_OWN_ALONE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)


class StoreError(CrossfireError):
    """Results cannot be written where they were asked for, or cannot be read."""


def suggested(verb: str, folder: Path | str) -> str:
    """Return the command that does something with a folder, to be copied into a shell as it stands."""
    named = str(folder)
    return in_shell(("crossfire", verb, f"./{named}" if named.startswith("-") else named))


# Not through links ------------------------------------------------------------------------------------------------


def refuse_link(path: Path) -> None:
    """Raise StoreError if a file or folder is a link: what it leads to belongs to somebody else."""
    if path.is_symlink():
        raise StoreError(
            f"{path}: a link; a folder of results holds its own files, and nothing is read, written or removed through"
            " a link. Put the file itself there, or choose another folder"
        )


def refuse_links_within(folder: Path, path: Path) -> None:
    """Raise StoreError if a step from ``folder`` down to ``path`` is a link; nothing where it lies elsewhere."""
    top, whole = Path(os.path.abspath(folder)), Path(os.path.abspath(path))
    if whole.is_relative_to(top):
        at = top
        for step in whole.relative_to(top).parts:
            at = at / step
            refuse_link(at)


def opened_own(path: Path) -> io.BufferedReader:
    """Return a file opened for reading.

    Raises
    ------
    StoreError
        If it is a link, or no file.
    OSError
        If it is not there, or may not be read.
    """
    refuse_link(path)
    handle = os.open(path, os.O_RDONLY | _OWN_ALONE | _NO_WAITING)  # a pipe would be waited for without end
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StoreError(f"{path}: not a file")
    return os.fdopen(handle, "rb")


def make_way(temporary: Path) -> None:
    """Remove what a process that died left under a temporary name; a link there is refused."""
    refuse_link(temporary)
    if temporary.exists():
        temporary.unlink()


def remove_own(path: Path) -> None:
    """Remove a file of the run's own if it is there; nothing is asked of a disk that may only be read."""
    refuse_link(path)
    if path.exists():
        path.unlink()


# Written whole ----------------------------------------------------------------------------------------------------


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    temporary = path.with_name(path.name + PARTIAL)
    make_way(temporary)
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OWN_ALONE, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        into_place(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def into_place(temporary: Path, path: Path) -> None:
    """Give a finished file its name once its content is safely on the disk."""
    refuse_link(path)
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


# Hashes -----------------------------------------------------------------------------------------------------------


#: Digests of files as they lay there, by place, length and time of the last change.
_KNOWN: dict[tuple[Any, ...], str] = {}
_MOST_KNOWN = 200_000


def digest_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file, or nothing if it cannot be read; a link is a StoreError."""
    try:
        with opened_own(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def known_digest_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file as ``digest_of``; one that has not changed since is not read again."""
    try:
        one = os.lstat(path)
    except OSError:
        return ""
    key = (str(path), one.st_dev, one.st_ino, one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns)
    if key not in _KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = digest_of(path)
    return _KNOWN[key]


def inputs_hash(inputs: Any) -> str:
    """Return the SHA-256 (hex) of any JSON value; the order of keys does not matter."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a map with the checksum of all that it says."""
    plain = json.loads(json.dumps({key: value for key, value in content.items() if key != CHECKSUM}, allow_nan=False))
    return plain | {CHECKSUM: inputs_hash(plain)}


def set_out(content: Mapping[str, Any]) -> str:
    """Return a map as JSON for people: a line for each entry, and for each member of a list or map that it holds.

    ``json`` sets out all levels, but ten times slower, and a sweep of many variants has a hundred thousand of them.
    """
    return _braced("{}", "", [f"{_compact(key)}: {_members(value)}" for key, value in content.items()])


def _members(value: Any) -> str:
    if isinstance(value, dict):
        return _braced("{}", " ", [f"{_compact(key)}: {_compact(one)}" for key, one in value.items()])
    return _braced("[]", " ", list(map(_compact, value))) if isinstance(value, list) else _compact(value)


def _braced(braces: str, margin: str, members: Sequence[str]) -> str:
    inside = f",\n{margin} ".join(members)
    return f"{braces[0]}\n{margin} {inside}\n{margin}{braces[1]}" if members else braces


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Return whether a map says what it said when it got its checksum."""
    return content.get(CHECKSUM) == inputs_hash({key: value for key, value in content.items() if key != CHECKSUM})


def plain_json(raw: bytes) -> Any:
    """Return the JSON value that a file holds; ValueError if it is none, is nested too deep, or holds odd numbers."""
    try:
        value = json.loads(raw.decode())
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deep") from None
    level, depth = [value], 0
    while level:
        depth += 1
        level = [one for two in level if isinstance(two, dict | list) for one in _within(two)]
        if depth > DEEPEST:
            raise ValueError("nested too deep")
    return value


def _within(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


# Locks ------------------------------------------------------------------------------------------------------------


class Closable(Protocol):
    """What holds a folder's lock until it is closed."""

    def close(self) -> None:
        """Let go of the folder."""


@contextmanager
def closed_on_error(store: Closable) -> Iterator[None]:
    """Close a store if what is done with it fails or is broken off: nobody else would let go of its folder."""
    try:
        yield
    except BaseException:
        store.close()
        raise


def lock(folder: Path) -> int | None:
    """Return a lock on the folder, held until closed or until the process ends; None where there is none to have.

    Some file systems know no locks: results are written there all the same.
    """
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if error.errno not in _HELD:
            return None
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


# Journals ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class JournalLines:
    """What a journal says: the entries of its whole lines, and how many lines are damaged."""

    entries: tuple[dict[str, Any], ...]
    damaged: int = 0


class Journal:
    """A file to which one line of JSON after the other is added, each with its checksum.

    What follows the last end of a line was cut short by a crash, and counts as not there; so does a line that does not
    say what was written, which is counted as damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, entry: dict[str, Any]) -> None:
        """Add a line, safe on the disk when this returns."""
        refuse_link(self.path)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _OWN_ALONE, 0o666)
        with os.fdopen(handle, "ab") as file:
            file.write(_line(entry))
            file.flush()
            os.fsync(file.fileno())

    def read(self, with_checksums: bool = True) -> JournalLines:
        """Return what the journal says; nothing if there is none.

        Lines need no checksum where an older version wrote them (``with_checksums`` false).
        """
        try:
            with opened_own(self.path) as file:
                *lines, _ = file.read().split(b"\n")
        except OSError:
            return JournalLines(())
        found = [_entry(line, with_checksums) for line in lines]
        whole = tuple(one for one in found if one is not None)
        return JournalLines(whole, len(found) - len(whole))

    def rewrite(self, entries: list[dict[str, Any]]) -> None:
        """Begin anew with these lines."""
        write_whole(self.path, b"".join(map(_line, entries)))


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(sealed(entry), ensure_ascii=False).encode() + b"\n"


def _entry(line: bytes, with_checksum: bool) -> dict[str, Any] | None:
    """Return what a line says; None if that is not what was written."""
    try:
        entry = plain_json(line)
        if not isinstance(entry, dict):
            return None
        known = is_sealed(entry) if with_checksum or CHECKSUM in entry else True
    except ValueError:
        return None
    return {key: value for key, value in entry.items() if key != CHECKSUM} if known else None
