"""What may be called how: which names are possible, which titles, which texts, wherever somebody gives one.

Names become parts of addresses (``site:NAME:protection``), words of labels, names of files, and stand in figures. So
they are short, seen whole, and hold nothing that would part them there. A title is a line to read: anything that is
seen may stand in it. A text may have several lines. None of them is blank.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from sim.errors import Mistake, Rejected, quoted

Entry = TypeVar("Entry")
#: Letters in a name, and in a title.
LONGEST_NAME, LONGEST_TITLE = 100, 1_000
#: What may stand in a name besides letters, digits and hyphens of any writing.
_IN_NAMES = frozenset(" ._'()&+\u2018\u2019")
_NAME = "a name of letters, digits, blanks and - . _ ' ( ) & +"
#: Letters by their category, blanks by what is seen of them.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
#: Persian, Indian scripts and pictures made of several are written with these; nothing of them shows.
_JOINERS = frozenset("\u200c\u200d")
_LETTERS_AND_SIGNS = frozenset("LNPS")
#: All of the categories Cc and Cs: control characters, and halves of letters.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def name_fault(text: str) -> str:
    """Return what a name should be, where ``text`` cannot be one; nothing where it can."""
    if not any(unicodedata.category(one)[0] in "LN" and one not in _UNSEEN for one in text):
        return f"{_NAME}, with a letter or a digit"
    if not all(map(_in_names, text)):
        return _NAME
    if text != text.strip() or text[0] in ".-":
        return "a name without a blank at either end, or a dot or hyphen in front"
    return f"a name of at most {LONGEST_NAME} letters" if len(text) > LONGEST_NAME else ""


def title_fault(text: str) -> str:
    """Return what a title should be, where ``text`` cannot be one; nothing where it can."""
    if _is_blank(text):
        return "a title: some text"
    if not all(map(_is_seen, text)):
        return "a title on one line, without control characters or marks that turn the direction of writing"
    return f"a title of at most {LONGEST_TITLE:,} letters" if len(text) > LONGEST_TITLE else ""


def text_fault(text: str) -> str:
    """Return what a text should be, where ``text`` cannot be one; nothing where it can."""
    return "some text" if _is_blank(text) else "text without control characters" if controls(text) else ""


def label_fault(text: str) -> str:
    """Return what a label should be, where ``text`` cannot be one: a title of any length, for it may hold settings."""
    return title_fault(text[:LONGEST_TITLE]) or ("" if all(map(_is_seen, text)) else "a label on one line")


def folder_fault(path: str) -> str:
    """Return what a folder to write into should be called, where ``path`` is no such name; nothing where it is."""
    if not path.strip():
        return "the name of a folder"
    return "a folder's name on one line, without control characters" if controls(path, "") else ""


def controls(text: str, but: str = "\n\t") -> bool:
    """Return whether a text holds a control character, or half a letter, but for those that are let through."""
    return any(one not in but for one in _CONTROLS.findall(text))


def as_name(text: str) -> str:
    """Return ``text`` if something can be called so; Rejected otherwise."""
    return _passed(text, name_fault(text))


def as_title(text: str) -> str:
    """Return ``text`` if it can be a title, or a label; Rejected otherwise."""
    return _passed(text, title_fault(text))


def as_text(text: str) -> str:
    """Return ``text`` if there is something to read in it; Rejected otherwise."""
    return _passed(text, text_fault(text))


def called(entries: dict[str, Entry]) -> dict[str, Entry]:
    """Return a map if its keys are names that something can have; Rejected with all that are none."""
    if strange := impossible_names(entries):
        raise Rejected(*strange)
    return entries


def impossible_names(names: Iterable[str]) -> list[Mistake]:
    """Return a mistake for each key of a map that cannot be a name."""
    faults = {name: name_fault(name) for name in names}
    return [Mistake(expected, quoted(name), at=(name,), of_key=True) for name, expected in faults.items() if expected]


def _passed(text: str, expected: str) -> str:
    if expected:
        raise Rejected(Mistake(expected, quoted(text)))
    return text


def _in_names(letter: str) -> bool:
    category = unicodedata.category(letter)
    return (category[0] in "LMN" or category == "Pd" or letter in _IN_NAMES) and letter not in _UNSEEN


def _is_seen(letter: str) -> bool:
    """Return whether a letter shows, or takes room, and does nothing else."""
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or letter in _JOINERS


def _is_blank(text: str) -> bool:
    return not any(unicodedata.category(one)[0] in _LETTERS_AND_SIGNS and one not in _UNSEEN for one in text)
