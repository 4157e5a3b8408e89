"""The rules as they stand: their modules, their sources, and the exchange of one function's code for another."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType, ModuleType

import numpy as np

from tests.mutants.making import Mutant, functions_of, mutants_of, statements_of

ROOT = Path(__file__).parents[2]
WORLD = ROOT / "sim" / "world"
#: Where an instrumented function notes which of its statements were reached.
REACHED = "__reached__"


@dataclass(frozen=True)
class Rules:
    """One module of rules: its name and source."""

    name: str
    source: bytes

    @cached_property
    def module(self) -> ModuleType:
        """Return the imported module."""
        return importlib.import_module(f"sim.world.{self.name}")

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Return its functions that can be exchanged, by name."""
        return functions_of(self.source)

    def mutants(self) -> Iterator[Mutant]:
        """Yield all its mutants."""
        return mutants_of(self.name, self.source, vars(self.module))

    def apply(self, mutant: Mutant) -> None:
        """Put a fault into this process: everybody who holds the function runs the changed code from now on."""
        self._exchange(functions_of(mutant.applied_to(self.source))[mutant.function])

    def instrument(self, reached: np.ndarray, first: int) -> int:
        """Let every function note in ``reached``, from ``first`` on, which statements run; return the next number."""
        setattr(self.module, REACHED, reached)
        for function in functions_of(self.source).values():
            numbers = {id(node): first + k for k, node in enumerate(statements_of(function))}
            first += len(numbers)
            for node in [n for n in ast.walk(function) if isinstance(n, ast.stmt)]:
                _note_before_each(node, numbers)
            self._exchange(ast.fix_missing_locations(function))
        return first

    def _exchange(self, function: ast.FunctionDef) -> None:
        function.decorator_list = []
        made = compile(ast.Module([function], []), str(WORLD / f"{self.name}.py"), "exec")
        (code,) = (c for c in made.co_consts if isinstance(c, CodeType) and c.co_name == function.name)
        getattr(self.module, function.name).__code__ = code


def _note_before_each(node: ast.stmt, numbers: dict[int, int]) -> None:
    for name in ("body", "orelse", "finalbody"):
        if inner := getattr(node, name, None):
            setattr(node, name, [line for each in inner for line in (*_note(numbers.get(id(each))), each)])


def _note(number: int | None) -> list[ast.stmt]:
    return [] if number is None else ast.parse(f"{REACHED}[{number}] = 1").body


def all_rules() -> list[Rules]:
    """Return every module that holds rules, and the record that they work on, by name."""
    every = [Rules(path.stem, path.read_bytes()) for path in sorted(WORLD.glob("*.py"))]
    return [one for one in every if b"\n@rule\n" in one.source or one.name == "record"]


def numbering(rules: list[Rules]) -> dict[tuple[str, str], int]:
    """Return the number of each function's first statement, all statements of all modules being counted through."""
    first, numbers = 0, {}
    for one in rules:
        for name, function in one.functions.items():
            numbers[one.name, name] = first
            first += len(statements_of(function))
    return numbers
