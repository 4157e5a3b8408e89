"""Where matplotlib keeps what it knows of fonts, for users who have no home or may not write there."""

import os
import tempfile
from pathlib import Path

from sim.world.kept import cache_root

_VARIABLE = "MPLCONFIGDIR"


def find_room() -> None:
    """Give matplotlib a folder of its own where it would find none, before it is loaded: it would say so at length."""
    if os.environ.get(_VARIABLE) or all(map(_has_room, ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"))):
        return
    os.environ[_VARIABLE] = _ours() or tempfile.mkdtemp(prefix="crossfire-fonts-")


def _has_room(variable: str) -> bool:
    """Return whether there is a folder that can be written, or made, as matplotlib will."""
    usual = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}
    try:
        folder = Path(os.environ.get(variable) or Path.home() / usual[variable]) / "matplotlib"
        while not folder.exists():
            folder = folder.parent
        return folder.is_dir() and os.access(folder, os.W_OK)
    except (OSError, RuntimeError):
        return False


def _ours() -> str:
    """Return a folder beside the compiled rules; nothing where there is none to write."""
    try:
        folder = cache_root() / "matplotlib"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return ""
    return str(folder) if os.access(folder, os.W_OK) else ""
