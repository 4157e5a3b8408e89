"""What the pages name is there: files, folders and modules."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if page.name != "CHANGELOG.md"  # tells of what was, too
)
_PATH = re.compile(r"`((?:sim|tests|configs|scenarios|benchmarks|docs)/[\w./{},-]*)`")
_MODULE = re.compile(r"``?(sim(?:\.[a-z_]+)+)``?")


def paths_in(text: str) -> list[str]:
    """Return the paths that a page names, ``a/{b,c}.py`` as two."""
    found = []
    for path in _PATH.findall(text):
        braces = re.search(r"\{([^}]*)\}", path)
        found += [path.replace(braces.group(), one) for one in braces.group(1).split(",")] if braces else [path]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_path_on_a_page_is_there(page: str) -> None:
    """Whoever looks for a file where a page says finds it."""
    lost = [path for path in paths_in((ROOT / page).read_text(encoding="utf-8")) if not (ROOT / path).exists()]
    assert not lost


@pytest.mark.parametrize("page", PAGES)
def test_every_module_on_a_page_is_there(page: str) -> None:
    """A module, or something in one: ``sim.world.day.one_day``."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert not [name for name in _MODULE.findall(text) if not (_is_module(name) or _is_module(name.rpartition(".")[0]))]


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def test_paths_are_found_in_a_page() -> None:
    """Braces name several; what is no path of ours is none."""
    assert paths_in("`sim/world/{demand,talks}.py` and `/etc/x`, `sim/errors.py`") == [
        "sim/world/demand.py", "sim/world/talks.py", "sim/errors.py",
    ]  # fmt: skip
