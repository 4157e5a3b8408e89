"""Files that belong together, written all or none."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.errors import CrossfireError

#: What a file is called until all of them are whole.
_PART = ".part"


def refuse_unwritable(paths: Iterable[Path]) -> None:
    """Raise CrossfireError unless each file can be written where it is to lie; asked before long work, not after it."""
    for path in paths:
        folder = path.parent
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        if not folder.is_dir():
            raise CrossfireError(f"{path}: cannot be written: {folder} is no folder. Nothing was written")
        if path.exists() and not path.is_file():
            raise CrossfireError(f"{path}: cannot be written: expected a file, got a folder or a device")
        if not os.access(path if path.exists() else folder, os.W_OK) or not os.access(folder, os.W_OK):
            raise CrossfireError(f"{path}: cannot be written: it may only be read. Nothing was written")


def write_together(texts: Mapping[Path, str]) -> list[Path]:
    """Return the paths of files after writing all of them, or none and raising CrossfireError."""
    refuse_unwritable(texts)
    parts: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path] = path.with_name(path.name + _PART)
            parts[path].write_text(text, encoding="utf-8")
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        words = f"{error.filename}: {(error.strerror or str(error)).lower()}. Nothing was written"
        raise CrossfireError(words) from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return list(texts)
