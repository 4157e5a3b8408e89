"""Schemas for editors: up to date, in a draft that editors know, and of one mind with the readers of the files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import cli
from sim.inputs.authoring.schema_parts import DRAFT
from sim.inputs.authoring.schemas import FOLDER, schema_text, schemas
from sim.inputs.yaml.files import home

ROOT = Path(__file__).parents[2]
SHIPPED = {
    "scenario": sorted((ROOT / "scenarios").glob("*.yaml")),
    "sweep": sorted((ROOT / "scenarios" / "sweeps").glob("*.yaml")),
    "policy": sorted((ROOT / "configs" / "policies").rglob("*.yaml")),
    "theory": sorted((ROOT / "configs" / "theories").glob("*.yaml")),
    "parameters": [ROOT / "configs" / "parameters.yaml"],
    "situation": [ROOT / "configs" / "situation.yaml"],
    "claims": [ROOT / "configs" / "claims.yaml"],
}
#: Broken policies whose fault an editor can see.
SEEN = ("mistyped-key", "wrong-level", "wrong-type", "unknown-action", "action-of-another", "unknown-option",
        "unknown-choice", "unknown-claim", "probability-above-one", "cooldown-below-zero")  # fmt: skip


def checked(kind: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    """Return what another implementation makes of files, held against the committed schema."""
    words = ["check_jsonschema", "--schemafile", str(ROOT / FOLDER / f"{kind}.schema.json"), *map(str, files)]
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", schemas())
def test_a_committed_schema_is_the_one_that_would_be_made(name: str) -> None:
    """If this fails, run ``make pages``."""
    assert (ROOT / FOLDER / name).read_text(encoding="utf-8") == schema_text(schemas()[name])


def test_no_schema_is_left_over() -> None:
    """Each file there is one that would be made."""
    assert {path.name for path in (ROOT / FOLDER).iterdir()} == set(schemas())


def test_schemas_are_in_the_draft_that_editors_know() -> None:
    """Draft 7: no references of a later draft."""
    for schema in schemas().values():
        assert schema["$schema"] == DRAFT
        assert "$defs" not in json.dumps(schema)


@pytest.mark.parametrize("kind", SHIPPED)
def test_another_implementation_finds_the_shipped_files_in_order(kind: str) -> None:
    """Every scenario, policy, theory, table and the ledger."""
    result = checked(kind, SHIPPED[kind])
    assert result.returncode == 0, result.stdout


def test_another_implementation_finds_the_faults() -> None:
    """Wrong keys, types, words, options and claims, each in its file."""
    result = checked("policy", [ROOT / "tests" / "broken" / f"{name}.yaml" for name in SEEN])
    assert result.returncode == 1
    assert all(f"{name}.yaml" in result.stdout for name in SEEN)


@pytest.mark.parametrize("kind", SHIPPED)
def test_shipped_files_lead_the_editor_to_their_schema(kind: str) -> None:
    """By a relative path in the first line."""
    for path in SHIPPED[kind]:
        mark, _, relative = path.read_text(encoding="utf-8").splitlines()[0].partition("=")
        assert mark == "# yaml-language-server: $schema"
        assert (path.parent / relative).resolve() == (ROOT / FOLDER / f"{kind}.schema.json").resolve()


def test_schemas_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    """The same bytes as those committed."""
    result = CliRunner().invoke(cli.app, ["schema", "--out", str(tmp_path / "mine")])
    assert result.exit_code == 0
    for path in map(Path, result.stdout.split()):
        assert path.read_bytes() == (home() / FOLDER / path.name).read_bytes()
