"""Commands called in the same process, and what they leave."""

from pathlib import Path

from typer.testing import CliRunner

from sim import cli

SCENARIO = "2020-soleimani"
SMALL = ["--worlds", "8", "--days", "60"]
TWO = ["--vary", "us=restraint,in-kind"]


def crossfire(*words, code=0):
    """Return what a command printed, after checking the code with which it ends."""
    result = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def written():
    """Return everything that was written here."""
    return sorted(path.name for path in Path().iterdir())
