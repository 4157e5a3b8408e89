"""Text that means harm, in every field and option: it is shown as text, or refused in a line; never a traceback."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim import cli

#: Text by what it would do where it is let.
HOSTILE = {
    "colours": "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "c1": "\x9b31m\x85\x84",
    "line ends": "one\ntwo\r\nthree\rfour\x0b\x0cfive",
    "tabs": "\ttab\t",
    "null": "a\0b",
    "direction": "\u202egpj.\u202c \u2066x\u2069 \u200f\u200e\u061c",
    "separators": "a\u2028b\u2029c",
    "no width": "\u200bz\u2060e\ufeffr\u00ado\U000e0041",
    "rich": "[red]x[/] [/bold] [link=http://a.example]b[/link] [",
    "html": "</title></style><script>alert(1)</script><img src=x onerror=alert(2)> &lt; \" ' --> ]]>",
    "markdown": "# h `c` ``d *b* __i__ [x](http://a.example) ![y](z) | c | <b> ~~s~~\\",
    "markdown list": "- [ ] 1. > x\n- y\n\n---\n",
    "mathematics": r"$C:\users\{$ a_b^{c $\frac{1 $$ \$",
    "formats": "{0} {x!r} %s %(a)s {{ }} {{ 7*7 }} {% raw %} ${HOME} `id` $(id)",
    "other letters": "伊拉克 العراق \U0001f40d e\u0301\u0301\u0301",
    "long": "x" * 5_000,
    "only blanks": "   ",
    "digits": "010",
    "path": "../../etc/passwd",
    "device": "/dev/zero",
    "number": "9" * 5_000,
    "quotes": "a'b\"c;d,e=f:g#h",
}
#: What Python, JSON and a YAML file hold alike: each letter that is not plain is escaped.
SCENARIO = {
    "scenario": "mine", "extends": "2021-quiet", "title": "T", "purpose": "P", "days": 10,
    "situation": {"us_troops": {"uniform": [2300, 2700], "note": "N", "source": "S"}},
    "events": {"first": {"day": 3, "do": "attack", "claim": "judgement: C", "told": "Told"}},
}  # fmt: skip
POLICY = {
    "policy": "mine", "actor": "us", "purpose": "P", "thresholds": {"sure": {"uniform": [0.4, 0.75], "note": "N"}},
    "rules": [{"name": "a", "when": "attack_unanswered and attribution >= sure", "do": "strike",
               "with": {"weight": "proportionate"}, "claim": "judgement: C"}],
}  # fmt: skip
THEORY = {"theory": "mine", "purpose": "P", "readings": {"M02": "proxies"}}
SWEEP = {
    "sweep": "mine", "title": "T", "purpose": "P", "scenario": "2021-quiet", "worlds": 4, "days": 10,
    "baseline": "us=in-kind", "set": {"us_troops": 2500}, "vary": [{"grid": {"us": ["in-kind", "restraint"]}}],
    "where": ["us_troops > 0"], "until": ["exited +- 0.5"],
}  # fmt: skip
FILES: dict[str, dict[str, Any]] = {"scenario": SCENARIO, "policy": POLICY, "theory": THEORY, "sweep": SWEEP}
COMMANDS = {
    "scenario": (["check", "mine.yaml"], ["describe", "scenario", "mine.yaml"], ["diff", "mine.yaml", "2021-quiet"],
                 ["show", "scenario", "mine.yaml"], ["show", "scenario", "mine.yaml", "--resolved"],
                 ["check", "mine.yaml", "--json"]),
    "policy": (["check", "mine.yaml"], ["describe", "policy", "mine.yaml"], ["diff", "mine.yaml", "in-kind"],
               ["show", "policy", "mine.yaml"]),
    "theory": (["check", "mine.yaml"], ["describe", "theory", "mine.yaml"],
               ["diff", "2021-quiet", "--theory", "mine"]),
    "sweep": (["check", "mine.yaml"], ["sweep", "mine.yaml", "--dry-run"],
              ["sweep", "mine.yaml", "--dry-run", "--json"]),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def written(value: Any) -> str:
    """Return plain values as YAML on one line, with escapes where a file may not hold a letter itself."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in plain) + '"'


def spots(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where text stands in plain values: keys (with a mark behind) and values."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield (*where, key, "key")
            yield from spots(one, (*where, key))
    elif isinstance(value, list):
        for k, one in enumerate(value):
            yield from spots(one, (*where, k))
    else:
        yield where


def replaced(value: Any, where: tuple[Any, ...], text: Any) -> Any:
    """Return plain values with ``text`` in one place."""
    if not where:
        return text
    if where[1:] == ("key",):
        return {text if key == where[0] else key: one for key, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, where[1:], text) if k == where[0] else one for k, one in enumerate(value)]
    return {key: replaced(one, where[1:], text) if key == where[0] else one for key, one in value.items()}


def told(*words: str, codes: tuple[int, ...] = (0, 1, 2)) -> tuple[str, str]:
    """Return what a command printed and what it said, after a look at its code and at each letter."""
    result = CliRunner().invoke(cli.app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise AssertionError(f"{words}: {result.exception!r}") from result.exception
    assert result.exit_code in codes, (words, result.output[-500:])
    for text in (result.stdout, result.stderr):
        acting = {one for one in text if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert not acting, (words, acting, text[-500:])
    if result.exit_code == 2:
        assert all(re.match(r".*(: | )expected .*, got |crossfire .*--help|.*: .*", line) for line in
                   result.stderr.splitlines()), result.stderr  # fmt: skip
        assert "--json" in words or result.stderr
    return result.stdout, result.stderr


CASES = [(kind, where) for kind, values in FILES.items() for where in spots(values)]


@pytest.mark.parametrize(
    ("kind", "where"), CASES, ids=lambda one: one if isinstance(one, str) else ".".join(map(str, one))
)
def test_no_text_in_a_file_does_harm(kind: str, where: tuple[Any, ...]) -> None:
    """Every kind of hostile text, in every key and value of a file: looked at, told, or refused."""
    for text in HOSTILE.values():
        Path("mine.yaml").write_text(written(replaced(FILES[kind], where, text)) + "\n", encoding="utf-8")
        for words in COMMANDS[kind]:
            out, err = told(*words)
            if words[0] == "check" and "--json" not in words:
                assert len(err.splitlines()) == sum(map(int, re.findall(r"(\d+) (?:error|warning)", out))), err
