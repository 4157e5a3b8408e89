"""Files found by name: beside the one that names them, then among the shipped ones."""

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sim.errors import (
    CrossfireError,
    InputError,
    Mistake,
    Rejected,
    described,
    option_problem,
    quoted,
    unknown,
)
from sim.inputs.yaml.snapshots import is_there
from sim.inputs.yaml.text import read
from sim.names.actors import POLICY_KEYS

#: Folders that hold shipped files of each kind, below ``home()``.
FOLDERS = {
    "scenario": "scenarios",
    "sweep": "scenarios/sweeps",
    "theory": "configs/theories",
    "parliament": "configs/parliaments",
    "us policy": "configs/policies/us",
    "iran policy": "configs/policies/iran",
    "government policy": "configs/policies/government",
    "factions policy": "configs/policies/factions",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def home() -> Path:
    """Return the folder with the shipped ``configs/`` and ``scenarios/``: CROSSFIRE_HOME, the checkout, the package."""
    override = os.environ.get("CROSSFIRE_HOME")
    if override:
        return Path(override)
    package = Path(__file__).resolve().parents[2]
    return package.parent if (package.parent / "configs").is_dir() else package / "_shipped"


def home_to_write(what: str, instead: str = "") -> Path:
    """Return ``home()`` for something that is to be written there; CrossfireError in an installed copy.

    What is installed is the installer's, and shared by all who use it.
    """
    folder = home()
    if folder == Path(__file__).resolve().parents[2] / "_shipped":
        words = instead or "copy the folders that lie there to one of your own, and name it in CROSSFIRE_HOME"
        raise CrossfireError(f"{folder}: {what} is not written into an installed Crossfire; {words}")
    return folder


def shown_path(file: str) -> str:
    """Return how a shipped file is named to a reader: from the folder that ships it, wherever that lies."""
    path, root = Path(file).absolute(), home().absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def refuse_no_name(name: str, what: str) -> None:
    """Raise InputError unless a file can be called ``name``: no folders, no blanks."""
    if not _NAME.fullmatch(name) or ".." in name:
        expected = f"a name for {what} in letters, digits, dots and hyphens"
        raise InputError([option_problem("NAME", expected, quoted(name))])


def find(kind: str, name: str, beside: Path | None = None) -> Path:
    """Return the file of a name, first beside the file that names it, then among the shipped ones.

    ``kind`` is a key of FOLDERS. A name that is a path, or is unknown, raises Rejected; a link is a file
    like any other, wherever it leads.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        hint = "give a name without folders; the file is looked for beside this one, then among the shipped ones"
        raise Rejected(Mistake(f"the name of a {kind}", quoted(name), hint))
    for folder in _folders(kind, beside):
        path = folder / f"{name}.yaml"
        if is_there(path):
            return path
    raise Rejected(unknown(name, names_of(kind, beside), f"a {kind}"))


def file_named(kind: str, text: str, beside: Path | None = None) -> Path:
    """Return the file at a path, or of a name: looked for in ``beside``, or else in the current folder, then shipped.

    A word without a folder and without ``.yaml`` is a name. InputError where it is that of no file.
    """
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        return Path(text)
    own = here(kind, text) if beside is None else None
    try:
        return own or find(kind, text, beside)
    except Rejected as wrong:
        raise wrong.named(text) from None


def here(kind: str, name: str) -> Path | None:
    """Return the file of a name in the current folder, if there is one and it is not plainly of another kind."""
    path = Path(f"{name}.yaml")
    if not _NAME.fullmatch(name) or ".." in name or not is_there(path):
        return None
    try:
        values = read(path).values
    except InputError:
        return path  # what is wrong with it will be told
    head = kind.rpartition(" ")[2]
    words = ("sweep", "scenario", "theory", "policy", "house")  # a sweep names its scenario by the same word
    kinds = [word for word in words if isinstance(values, dict) and word in values]
    actor = values.get("actor") if kinds == ["policy"] else None
    other = kinds and kinds[0] != head.replace("parliament", "house")
    return None if other or (kind != head and actor in POLICY_KEYS and kind != f"{actor} policy") else path


def names_of(kind: str, beside: Path | None = None) -> list[str]:
    """Return the names that ``find`` would find, in alphabetical order."""
    return sorted({path.stem for folder in _folders(kind, beside) for path in folder.glob("*.yaml")})


def _folders(kind: str, beside: Path | None) -> list[Path]:
    root = home()
    shipped = root / FOLDERS[kind]
    if beside is None or beside.resolve() in _shipped_folders(root):
        return [shipped]
    return [beside, shipped]


@cache
def _shipped_folders(root: Path) -> tuple[Path, ...]:
    """Return where the files of each kind lie, links followed: asked for each name that a file holds."""
    return tuple((root / folder).resolve() for folder in FOLDERS.values())


def not_found(what: str, name: str, names: Iterable[str]) -> InputError:
    """Return the error of a name that is not among ``names``, with the nearest that is."""
    mistake = unknown(name, names, what)
    return InputError([option_problem(name, what, described(name), mistake.hint)])
