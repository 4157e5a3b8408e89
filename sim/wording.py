r"""What is shown to a reader: numbers in words, and text of strangers as text and as nothing else, wherever it stands.

What a file, an option, an environment or a folder says may hold anything. Whatever would not be seen, or would act
instead of being read (control characters, marks that turn the direction of writing, letters without width, halves of
letters), is shown as Python, JSON and YAML escape it: ``\x1b``.
"""

import json
import re
import shlex
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sim.names.measures import Measure

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, keep: str = "") -> str:
    """Return text with each letter escaped that would not be seen or would act; those in ``keep`` stay.

    The result is one line, unless line ends are kept.
    """
    if text.isprintable():
        return text
    return "".join(one if one in keep or _is_seen(one) else _escaped(one) for one in text)


def lines(text: str) -> str:
    """Return text of several lines, each as ``visible``."""
    return visible(text, "\n")


def _is_seen(letter: str) -> bool:
    """Return whether a letter is one to read: printable, or a blank of whatever width."""
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def _escaped(letter: str) -> str:
    code = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# JSON ------------------------------------------------------------------------------------------------------------


def json_text(value: Any) -> str:
    """Return plain values as JSON on one line; ValueError for a number that JSON has not (NaN, an infinity)."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if text.isprintable():
        return text
    return "".join(one if _is_seen(one) else json.dumps(one)[1:-1] for one in text)


# Shells ----------------------------------------------------------------------------------------------------------


def in_shell(words: Iterable[str]) -> str:
    """Return words as a command that can be copied into a shell, on one line and all of it to be seen."""
    return " ".join(map(_word, words))


def _word(word: str) -> str:
    if all(map(_is_seen, word)):
        return shlex.quote(word)
    said = "".join(_in_shell(one) for one in word)
    return f"$'{said}'"


def _in_shell(letter: str) -> str:
    if letter in "\\'":
        return f"\\{letter}"
    if 0xDC80 <= ord(letter) <= 0xDCFF:  # a byte of a name that is no UTF-8
        return f"\\x{ord(letter) - 0xDC00:02x}"
    # Bash takes \x for a byte: what is no ASCII must be told as a letter.
    if 0x80 <= ord(letter) < 0x100 and not _is_seen(letter):
        return f"\\u{ord(letter):04x}"
    return letter if _is_seen(letter) else _escaped(letter)


# Markdown --------------------------------------------------------------------------------------------------------

#: What acts wherever it stands: code, emphasis, tables, struck words, links of bare addresses, headings' ends, the
#: escape itself before a sign. An asterisk between blanks is a sign of multiplication.
_ANYWHERE = re.compile(
    r"[`|]|~(?=~)|(?<=~)~|\\(?=[!-/:-@\[-`{-~])|(?<!\s)\*|\*(?!\s)|!(?=\[)|:(?=//)|(?<=www)\.|(?<!\S)#"
)
#: An underscore inside a word is one; at an end of it, it is emphasis.
_UNDERSCORES = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
#: Brackets of links, pictures and footnotes; all others, as those of a citation [19], are brackets.
_BRACKETS = re.compile(r"\[(?=[^\[\]]*\]\()|\](?=\()|\[(?=\^)")
#: What begins a tag or an entity.
_HTML = re.compile(r"<(?=[A-Za-z/!?])|&(?=#?\w+;)")
#: What acts at the start of a line: lists, quotes, rules, underlines of headings, definitions of links, boxes.
_AT_START = re.compile(r"^(>|\[(?=[^\]]*\]:|[ xX]\])|[+-](?=\s|-|$)|=+$|\d{1,9}(?=[.)](?:\s|$)))")


def markdown(text: str) -> str:
    """Return text as Markdown that shows it letter by letter, on one line."""
    said = _ANYWHERE.sub(lambda found: f"\\{found[0]}", visible(text))
    said = _UNDERSCORES.sub(lambda found: "\\_" * len(found[0]), said)
    said = _BRACKETS.sub(lambda found: f"\\{found[0]}", said)
    return _HTML.sub(lambda found: "&lt;" if found[0] == "<" else "&amp;", said)


def paragraph(text: str) -> str:
    """Return text as a paragraph of Markdown, or as an entry of a list; blanks and line ends become single blanks."""
    said = markdown(" ".join(text.split()))
    return _AT_START.sub(lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", said)


def code(text: str) -> str:
    """Return text as code in Markdown, whatever it holds."""
    said = visible(text)
    longest = max((len(run) for run in re.findall("`+", said)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if said.startswith("`") or said.endswith("`") else ""
    return f"{fence}{blank}{said}{blank}{fence}"


def cell(said: str) -> str:
    """Return Markdown as it may stand in a cell of a table."""
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(said.split()))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows of text as a table in Markdown, their keys as its head."""
    heads = [cell(markdown(str(key))) for key in rows[0]]
    told = ([cell(markdown(str(value))) for value in row.values()] for row in rows)
    return "".join(f"{line}\n" for line in (_row(heads), "|" + "---|" * len(heads), *map(_row, told)))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


# Words -----------------------------------------------------------------------------------------------------------


def headed(words: str) -> str:
    """Return words with a capital first letter."""
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str]) -> str:
    """Return words as a list: ``a, b and c``; nothing of none."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def date_in_words(day: date) -> str:
    """Return a day as people write it: 3 January 2020."""
    return f"{day.day} {day:%B %Y}"


# Numbers -----------------------------------------------------------------------------------------------------------

NOTHING = "–"


_LETTERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def in_letters(count: int, most: int = 12) -> str:
    """Return a number up to ``most``, and to twelve, in letters, a larger one in digits."""
    return _LETTERS[count] if 0 <= count <= most else f"{count:,}"


def percent_in_words(share: float) -> str:
    """Return a share in whole percent; what is not quite none or all is not said to be."""
    words = f"{share:.0%}"
    if share > 0 and words == "0%":
        return "<1%"
    return ">99%" if share < 1 and words == "100%" else words


def number(value: float | None, measure: "Measure") -> str:
    """Return a value of a measure as it is shown: 31.5%, 1,240, 3.2, 0.96."""
    if value is None:
        return NOTHING
    if measure.unit.startswith("share"):
        return f"{100 * value:.1f}%"
    if measure.unit == "ratio":
        return f"{value:,.2f}"
    return f"{value:,.0f}" if abs(value) >= 100 or measure.kind == "day" else f"{value:,.1f}"


class WithInterval(Protocol):
    """What has a 95% interval, None where there is none."""

    @property
    def low(self) -> float | None:
        """Return the lower end."""
        ...

    @property
    def high(self) -> float | None:
        """Return the upper end."""
        ...


def interval(summary: WithInterval, measure: "Measure") -> str:
    """Return the 95% interval of a mean."""
    if summary.low is None:
        return NOTHING
    return f"{number(summary.low, measure)} to {number(summary.high, measure)}"


def difference(size: float | None, found: WithInterval, measure: "Measure") -> tuple[str, str]:
    """Return a difference, and its interval: ``+3.1 points`` and ``+0.2 to +6.0``."""
    if size is None:
        return NOTHING, ""
    first, low, high = (signed(one, measure) for one in (size, found.low, found.high))
    return first + " points" * measure.unit.startswith("share"), f"{low} to {high}"


def signed(value: float | None, measure: "Measure") -> str:
    """Return a difference with its sign; shares in points."""
    if value is None:
        return NOTHING
    if measure.unit.startswith("share"):
        said = f"{100 * value:+.1f}"
    else:
        said = f"{value:+,.2f}" if measure.unit == "ratio" else f"{value:+,.1f}"
    return said if said.strip("+-0.") else said[1:]  # nothing has no sign


def amount(value: float, measure: "Measure") -> str:
    """Return an error or a spread, without a sign: shares in points."""
    if measure.unit.startswith("share"):
        return f"{100 * value:.2g} points"
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
