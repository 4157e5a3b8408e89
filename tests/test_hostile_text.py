"""Text that means harm, in every field and option: it is shown as text, or refused in a line; never a traceback."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim import cli
from sim.errors import CrossfireError, InputError
from sim.evidence import observations
from sim.inputs.yaml.writing import write_together
from sim.plots.frame import framed, save, style
from sim.wording import code, in_shell, json_text, paragraph, table, visible

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
#: All that may stand in a text, in one; and what stands for itself.
EVERYTHING = " ".join(text for name, text in HOSTILE.items() if name not in ("long", "number", "device", "path"))
ALONE = ("long", "number", "device", "digits", "only blanks")


@pytest.mark.parametrize(
    ("kind", "where"), CASES, ids=lambda one: one if isinstance(one, str) else ".".join(map(str, one))
)
def test_no_text_in_a_file_does_harm(kind: str, where: tuple[Any, ...]) -> None:
    """Hostile text in every key and value of a file: looked at, told, or refused, an error a line."""
    _try(kind, where, [EVERYTHING])


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_kind_of_text_does_harm_anywhere(name: str) -> None:
    """Each kind alone: what is refused at its first letter hides what the next would do."""
    for kind, where in CASES:
        _try(kind, where, [HOSTILE[name]])


@pytest.mark.parametrize("name", ALONE)
def test_odd_values_are_refused_or_read_as_text(name: str) -> None:
    """Numbers of five thousand digits, words of devices, blanks: in the text of a scenario and of a policy."""
    for kind, where in CASES:
        if kind in ("scenario", "policy") and where[-1] in ("title", "purpose", "us_troops", "name", "claim", "do"):
            _try(kind, where, [HOSTILE[name]])


def _try(kind: str, where: tuple[Any, ...], texts: list[str]) -> None:
    for text in texts:
        Path("mine.yaml").write_text(written(replaced(FILES[kind], where, text)) + "\n", encoding="utf-8")
        for words in COMMANDS[kind]:
            out, err = told(*words)
            if words[0] == "check" and "--json" not in words:
                assert len(err.splitlines()) == sum(map(int, re.findall(r"(\d+) (?:error|warning)", out))), err


@pytest.mark.parametrize(
    "words",
    [
        ["run", "2021-quiet", "--set", "us_troops={}"], ["run", "2021-quiet", "--theory", "{}"], ["run", "{}"],
        ["run", "2021-quiet", "--policy", "us={}"], ["run", "2021-quiet", "--until", "{}"],
        ["run", "2021-quiet", "--worlds", "{}"], ["run", "2021-quiet", "--seed", "{}"],
        ["run", "2021-quiet", "--days", "{}"], ["run", "2021-quiet", "--series", "{}"],
        ["run", "2021-quiet", "--shard", "{}"], ["compare", "2021-quiet", "--vary", "us={}"],
        ["compare", "2021-quiet", "--vary", "us=in-kind,restraint", "--baseline", "{}"], ["check", "{}"],
        ["describe", "policy", "{}"], ["describe", "{}", "x"], ["list", "{}"], ["{}"], ["show", "{}"],
        ["diff", "2021-quiet", "{}"], ["new", "policy", "{}"], ["list", "scenarios", "--{}"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_option_does_harm(words: list[str]) -> None:
    """Names, numbers and settings on the command line: refused in lines that are nothing but text."""
    for name, text in HOSTILE.items():
        if name not in ("digits", "only blanks"):  # some options take a number, or nothing
            told(*(word.replace("{}", text.replace("\0", "\x01")) for word in words), codes=(2,))


@pytest.mark.parametrize("weight", ["1e308", "1e-320", "0", "-1", ".inf", ".nan", "9" * 400])
def test_a_weight_that_leaves_no_share_to_others_is_refused(weight: str) -> None:
    """Theories are drawn by shares of a sum, which must be a number that each of them counts in."""
    _, err = told("run", "2021-quiet", "--set", f"theories={{documents: {weight}, proxies: 1}}", codes=(2,))
    assert "theories" in err


@pytest.fixture
def made_of_it() -> str:
    """Return the folder of results whose title, purpose, claims, stories and own name hold all that files may hold."""
    text = "".join(one for one in EVERYTHING if unicodedata.category(one) != "Cc")
    title = "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Zl", "Zp"))
    scenario = SCENARIO | {"title": title, "purpose": f"{text}?", "days": 40}
    scenario["events"] = {"x.y & z'": {"day": 3, "do": "attack", "claim": f"judgement: {text}", "told": text}}
    Path("mine.yaml").write_text(written(scenario), encoding="utf-8")
    policy = replaced(replaced(POLICY, ("purpose",), text), ("rules", 0, "claim"), f"judgement: {text}")
    Path("odd.yaml").write_text(written(policy | {"policy": "odd"}), encoding="utf-8")
    folder = "a`<b>$x$ \u202e|"
    told("compare", "mine.yaml", "--vary", "us=odd,in-kind", "--worlds", "4", "--out", folder, codes=(0,))
    return folder


def test_tables_and_stories_show_text_as_text(made_of_it: str) -> None:
    """Results are shown, as a table and as JSON, and a world of them told."""
    for words in (["show"], ["show", "--json"], ["story", "--world", "1", "--variant", "us=odd"]):
        told(words[0], made_of_it, *words[1:], codes=(0,))


@pytest.mark.slow
def test_figures_and_reports_show_text_as_text(made_of_it: str) -> None:
    """No letter acts in a page or a figure, no tag lives, no mark of Markdown."""
    for words in (["plot"], ["report"], ["report", "--format", "md"]):
        told(words[0], made_of_it, *words[1:], codes=(0,))
    folder = Path(made_of_it)
    for path in (*folder.glob("report.*"), *folder.glob("figures/*.svg")):
        page = path.read_text(encoding="utf-8")
        assert {one for one in page if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Zl")} == set(), path
        assert not re.search(r"<script|<img src=x", page), path
    assert "&lt;script&gt;alert(1)" in (folder / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"(?<!\\)\[x\]\(http|(?<![\\`])\*b\*", (folder / "report.md").read_text(encoding="utf-8"))


# One function for each way out ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_visible_is_one_line_and_says_which_letters_there_were(text: str) -> None:
    """Each letter that would act stands as its escape, from which it can be read again."""
    seen = visible(text)
    assert all(one.isprintable() for one in seen)
    again = re.sub(r"\\(n|r|t|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})", _letter, seen)
    assert "\\" in text or again == text
    assert json.loads(json_text({"a": text})) == {"a": text}
    assert json_text(text).isprintable()


def _letter(found: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(found[1]) or chr(int(found[1][1:], 16))


@pytest.mark.parametrize(
    "text", [*(text for text in HOSTILE.values() if "\0" not in text), "\udcff\udcfe", "\x9b", "-"]
)
def test_a_command_to_copy_gives_the_shell_the_same_words(text: str) -> None:
    """On one line, nothing in it acts, and the shell reads the very word again."""
    said = in_shell(["printf", "%s", text])
    assert said.isprintable()
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    read = subprocess.run(["bash", "-c", said], capture_output=True, check=True, env=environment).stdout
    assert read == os.fsencode(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*b* 2 * 3 a*", r"\*b\* 2 * 3 a\*"), ("_i_ __init__ us_troops", r"\_i\_ \_\_init\_\_ us_troops"),
        ("# h", r"\# h"), ("- x", r"\- x"), ("12. x", r"12\. x"), ("> q", r"\> q"), ("===", r"\==="),
        ("[x](http://y)", r"\[x\](http\://y)"), ("![x](y)", r"\!\[x\](y)"), ("[19]: z", r"\[19]: z"),
        ("ctg-2020 [19], [4]", "ctg-2020 [19], [4]"), ("`c` | d", r"\`c\` \| d"), ("<b> a < b", "&lt;b> a < b"),
        ("&lt; A & B", "&amp;lt; A & B"), (r"C:\users\{", r"C:\users\\{"), ("a\n\nb", "a b"), ("-5", "-5"),
    ],
)  # fmt: skip
def test_markdown_shows_a_text_letter_by_letter(text: str, said: str) -> None:
    """What would be emphasis, a link, a list, code, a tag is escaped; what is none stays as it is."""
    assert paragraph(text) == said


def test_code_holds_backticks_and_cells_hold_bars() -> None:
    """The fence is longer than any run of backticks inside; a bar does not end a cell."""
    assert code("a``b`") == "``` a``b` ```"
    assert table([{"a|b": "c|`d"}]) == "| a\\|b |\n|---|\n| c\\|\\`d |\n"


@pytest.mark.filterwarnings("error")
def test_figures_read_no_title_as_mathematics_and_warn_of_no_letter(tmp_path: Path) -> None:
    """Dollar signs stand as they are, half a formula is none, letters that the font lacks are boxes."""
    for name, text in HOSTILE.items():
        with style():
            figure = framed(12, 5, text)
            figure.add_subplot().set(title=text, xlabel=text)
            svg, _ = save(figure, tmp_path / "f")
        assert "Oblique" not in svg.read_text(encoding="utf-8"), name


# Files and streams ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", ["pipe", "folder", "loop", "missing", "utf-16", "binary", "kernel"])
def test_what_is_no_file_of_text_is_refused_at_once(made: str) -> None:
    """Pipes are not waited for, devices not read, links in a circle not followed; one line each."""
    path = Path("mine.yaml")
    if made == "kernel" and not Path("/proc/kmsg").exists():
        pytest.skip("no such file here")
    make = {
        "pipe": lambda: os.mkfifo(path), "folder": path.mkdir, "loop": lambda: path.symlink_to(path),
        "missing": lambda: None, "utf-16": lambda: path.write_bytes("scenario: x".encode("utf-16")),
        "binary": lambda: path.write_bytes(b"a\0b\xff"), "kernel": lambda: path.symlink_to("/proc/kmsg"),
    }  # fmt: skip
    make[made]()
    for words in (["check", "mine.yaml"], ["run", "mine.yaml"], ["describe", "scenario", "mine.yaml"]):
        _, err = told(*words, codes=(2,))
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("bytes_", "place"),
    [
        (b"\xff\xfe", "1:1"), (b"", "1:1"), (b"scenario,measure\n", "1:1"), (b"HEAD,unit\nROW,x\n", "1:1"),
        (b"HEAD\nROW\n\"open", "3:1"), (b"HEAD\nROW,more\n", "2:1"),
        (b"HEAD\n2020-soleimani,attacks,2020-01-03,2020-13-20,4,,,a,s,n\n", "2:35"),
        (b"HEAD\n2020-soleimani,attacks,2020-01-03,2020-01-20,1e999,,,a,s,n\n", "2:46"),
        (b"HEAD\n2020-soleimani,atacks,2020-01-03,2020-01-20,4,,,a,s,n\n", "2:16"),
        (b"HEAD\n2020-soleimani,attacks,2020-01-03,2020-01-20,4,9,5,a,s,n\n", "2:48"),
        (b"HEAD\n" + b"x" * 200_000, "2:1"),
    ],
)  # fmt: skip
def test_a_fault_in_a_table_of_figures_is_told_with_its_place(
    bytes_: bytes, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are no text, columns missing or twice, quotes left open, numbers and dates that are none."""
    head = b"scenario,measure,start,end,value,low,high,unit,source,note"
    row = b"2020-soleimani,attacks,2020-01-03,2020-01-20,4,,,attacks,s,n"
    folder = tmp_path / "configs" / "observations"
    folder.mkdir(parents=True)
    (folder / "documents.csv").write_bytes(bytes_.replace(b"HEAD", head).replace(b"ROW", row))
    monkeypatch.setattr(observations, "home", lambda: tmp_path)
    with pytest.raises(InputError, match=rf"documents\.csv:{place}: .*expected"):
        observations.load_observations("documents.csv")


def test_files_that_belong_together_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    """One that cannot be written leaves the others as they were, and nothing beside them."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("old")
    second.mkdir()
    with pytest.raises(CrossfireError, match="cannot be written"):
        write_together({first: "new", second: "new"})
    assert first.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    second.rmdir()
    assert write_together({first: "new", second: "new"}) == [first, second]
    assert (first.read_text(), second.read_text()) == ("new", "new")


STREAMS = {
    "closed": (">&-", 2, "standard output: bad file descriptor\n"),
    "full": (">/dev/full", 2, "standard output: no space left on device\n"),
    "cut off": ("| true; exit ${PIPESTATUS[0]}", 141, ""),
    "few letters": (">/dev/null", 0, ""),
    "errors closed": (">/dev/null 2>&-", 0, ""),
    "input closed": (">/dev/null <&-", 0, ""),
}


@pytest.mark.parametrize("case", STREAMS)
@pytest.mark.parametrize("words", ["list parameters", "list parameters --json", "describe policy in-kind"])
def test_output_that_goes_nowhere_ends_a_command_without_a_traceback(case: str, words: str) -> None:
    """Closed, full, cut off by its reader, of few letters: a line or nothing, and a code."""
    ending, code_, said = STREAMS[case]
    environment = os.environ | {
        "PYTHONIOENCODING": "ascii",
        "COLUMNS": "²",
        "TERM": "dumb",
        "CROSSFIRE_RULES": "python",
    }
    command = f"{in_shell([sys.executable])} -m sim.cli {words} {ending}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (code_, said)


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("wait", [0.1, 0.4])
def test_an_interruption_while_loading_says_so_and_nothing_else(wish: signal.Signals, wait: float) -> None:
    """Before a command is at work as while it is: code 130, one line, within two seconds."""
    program = "import sim.cli; print(flush=True); sim.cli.main()"
    environment = os.environ | {"CROSSFIRE_RULES": "python"}
    process = subprocess.Popen([sys.executable, "-c", program, "check"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment)  # fmt: skip
    assert process.stdout
    process.stdout.readline()  # main begins
    time.sleep(wait)
    process.send_signal(wish)
    begun = time.monotonic()
    _, said = process.communicate(timeout=20)
    assert time.monotonic() - begun < 2
    assert (process.returncode, said) == (130, "Interrupted.\n")
