"""Make mutants of functions: each replaces one piece of source text by another."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

#: What takes the place of an operator of arithmetic, and of an augmented assignment.
ARITHMETIC: dict[type, type] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
#: What takes the place of a comparison: the other side of the boundary, the other way round.
BOUNDARY: dict[type, type] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
TURNED: dict[type, type] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
#: Functions that only hold back or switch their argument: the place of what they are given.
WRAPPERS = {"clamp": 0, "by": 2}
#: Numbers smaller than this guard a division; twice as small a guard is no fault.
GUARD = 1e-6

Found = tuple[str, ast.AST, ast.AST]


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, of which kind, and which bytes of the source give way to which text."""

    module: str
    function: str
    line: int
    operator: str
    ordinal: int
    start: int
    end: int
    text: str
    statement: int

    @property
    def id(self) -> str:
        """Return the name under which this mutant can be asked for."""
        return f"{self.module}:{self.function}:{self.line}:{self.operator}:{self.ordinal}"

    def applied_to(self, source: bytes) -> bytes:
        """Return the source of the module with this fault in it."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def diff(self, source: bytes) -> str:
        """Return the lines before and after, each squeezed into one."""
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        before, after = source[first:last], source[first : self.start] + self.text.encode() + source[self.end : last]
        return "\n".join(f"{sign} {b' '.join(text.split()).decode()}" for sign, text in (("-", before), ("+", after)))


def functions_of(source: bytes) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module that can be exchanged, by name: not those that run while it is imported."""
    body = ast.parse(source).body
    found = {node.name: node for node in body if isinstance(node, ast.FunctionDef) and _is_plain(node)}
    waiting = [name for node in body if not isinstance(node, ast.FunctionDef) for name in _called(node)]
    while waiting:
        if (node := found.pop(waiting.pop(), None)) is not None:
            waiting += _called(node)
    return found


def _is_plain(function: ast.FunctionDef) -> bool:
    return all(isinstance(mark, ast.Name) and mark.id == "rule" for mark in function.decorator_list)


def _called(node: ast.AST) -> list[str]:
    return [n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]


def statements_of(function: ast.FunctionDef) -> list[ast.stmt]:
    """Return the statements of a function in the order of the source, without its docstring."""
    found = [node for node in ast.walk(function) if isinstance(node, ast.stmt) and node is not function]
    documented = function.body[0] if ast.get_docstring(function) is not None else None
    return sorted((node for node in found if node is not documented), key=lambda node: (node.lineno, node.col_offset))


def mutants_of(module: str, source: bytes, constants: Mapping[str, Any]) -> Iterator[Mutant]:
    """Yield the mutants of a module; ``constants`` are its globals, to know the whole numbers among its names."""
    starts = [0, *(k + 1 for k, byte in enumerate(source) if byte == ord("\n"))]
    for name, function in functions_of(source).items():
        yield from _numbered(_of_function(module, name, function, starts, constants))


def _numbered(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """Number those of one line and operator from 1, and leave out what comes to the same text."""
    seen, counts = set(), dict[tuple[int, str], int]()
    for mutant in mutants:
        if (text := (mutant.start, mutant.end, mutant.text)) in seen:
            continue
        seen.add(text)
        kind = (mutant.line, mutant.operator)
        counts[kind] = counts.get(kind, 0) + 1
        yield replace(mutant, ordinal=counts[kind])


def _of_function(
    module: str, name: str, function: ast.FunctionDef, starts: list[int], constants: Mapping[str, Any]
) -> Iterator[Mutant]:
    maker = _Maker(function, constants)
    for k, statement in enumerate(statements_of(function)):
        for operator, old, new in maker.of_statement(statement):
            assert isinstance(old, ast.expr | ast.stmt) and old.end_lineno and old.end_col_offset is not None
            start = starts[old.lineno - 1] + old.col_offset
            end = starts[old.end_lineno - 1] + old.end_col_offset
            text = _text(new)
            if text != _text(old):
                yield Mutant(module, name, old.lineno, operator, 0, start, end, text, k)


def _text(node: ast.AST) -> str:
    text = ast.unparse(node)
    atoms = (ast.stmt, ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)
    return text if isinstance(node, atoms) else f"({text})"


class _Maker:
    """Makes the mutants of one function, statement by statement."""

    def __init__(self, function: ast.FunctionDef, constants: Mapping[str, Any]) -> None:
        self.constants = constants
        self.stores = [
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]

    def of_statement(self, statement: ast.stmt) -> Iterator[Found]:
        """Yield what can be done to a statement itself (not to those inside it), as operator, old and new node."""
        yield from (found for found in self._found(statement) if found[0] != "boundary" or not _is_clamp(statement))

    def _found(self, statement: ast.stmt) -> Iterator[Found]:
        yield from self._whole(statement)
        left_out = {"annotation", "body", "orelse", "finalbody", "handlers"}
        if isinstance(statement, ast.For):
            left_out.add("target")
        for name, value in ast.iter_fields(statement):
            if name not in left_out:
                yield from self._all(value)

    def _whole(self, statement: ast.stmt) -> Iterator[Found]:
        if self._can_be_dropped(statement):
            yield "statement", statement, ast.Pass()
        match statement:
            case ast.AugAssign(target, op, value) if type(op) in ARITHMETIC:
                yield "augmented", statement, ast.AugAssign(target, ARITHMETIC[type(op)](), value)
            case ast.If(test):
                yield from (("condition", test, ast.Constant(forced)) for forced in (True, False))
            case ast.While(test):
                yield "condition", test, ast.Constant(False)
            case ast.Assign(_, ast.BinOp() as value) | ast.Return(ast.BinOp() as value):
                yield "minus", value, ast.UnaryOp(ast.USub(), value)

    def _can_be_dropped(self, statement: ast.stmt) -> bool:
        """Return whether a fault would remain without it other than an unknown name."""
        match statement:
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                return self.stores.count(name) > 1
            case ast.Assign([ast.Tuple(targets)]):
                return not any(isinstance(target, ast.Name) for target in targets)
            case ast.Return(None) | ast.Expr(ast.Call()):
                return True
        return isinstance(statement, ast.Assign | ast.AugAssign | ast.Continue | ast.Break)

    def _all(self, value: Any) -> Iterator[Found]:
        """Yield what can be done to an expression and to all inside it."""
        if isinstance(value, list):
            for each in value:
                yield from self._all(each)
        elif isinstance(value, ast.expr):
            yield from self._expression(value)
            for name, inner in ast.iter_fields(value):
                if not (name == "func" and isinstance(inner, ast.Name)) and not _is_never(value):
                    yield from self._all(inner)
        elif isinstance(value, ast.comprehension | ast.keyword):
            yield from self._all([inner for _, inner in ast.iter_fields(value) if not isinstance(inner, str)])

    def _expression(self, node: ast.expr) -> Iterator[Found]:
        match node:
            case ast.BinOp():
                yield from _binary(node)
            case ast.UnaryOp(ast.USub(), operand):
                yield "minus", node, operand
                if _is_never(node):
                    yield "number", node, ast.Constant(0)
            case ast.UnaryOp(ast.Not(), operand):
                yield "not", node, operand
            case ast.Compare():
                yield from _comparison(node)
            case ast.BoolOp():
                yield from _boolean(node)
            case ast.IfExp(test):
                yield from (("condition", test, ast.Constant(forced)) for forced in (True, False))
            case ast.Call():
                yield from _call(node)
            case ast.Constant() | ast.Name():
                yield from self._number(node)
            case ast.Subscript(_, ast.Constant(int() as k)):
                yield "index", node.slice, ast.Constant(k - 1)

    def _number(self, node: ast.Constant | ast.Name) -> Iterator[Found]:
        """Yield other numbers: of a named whole one the next (faction, seat, event); else double, none, one more."""
        value = self._value(node)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        named = isinstance(node, ast.Name)
        more = _arithmetic(node, ast.Add, 1) if named else ast.Constant(value + 1)
        if named and isinstance(value, int):
            yield "index", node, more
            return
        if abs(value) >= GUARD:
            yield "number", node, _arithmetic(node, ast.Mult, 2) if named else ast.Constant(value * 2)
        yield "number", node, ast.Constant(type(value)(0))
        yield "number", node, more

    def _value(self, node: ast.Constant | ast.Name) -> Any:
        if isinstance(node, ast.Constant):
            return node.value
        return self.constants.get(node.id) if node.id.lstrip("_").isupper() else None


def _is_never(node: ast.expr) -> bool:
    """Return whether this is -1, which says never, nobody, nowhere; -2 would say the same."""
    match node:
        case ast.UnaryOp(ast.USub(), ast.Constant(int() as value)):
            return value == 1
    return False


def _is_clamp(statement: ast.stmt) -> bool:
    """Return whether this is ``if x < low: x = low``, which does the same where ``x`` is ``low``."""
    match statement:
        case ast.If(ast.Compare(left, _, [right]), [ast.Assign([target], value)], []):
            return ast.unparse(left) == ast.unparse(target) and ast.unparse(right) == ast.unparse(value)
    return False


def _arithmetic(left: ast.expr, op: type, right: int) -> ast.BinOp:
    return ast.BinOp(left, op(), ast.Constant(right))


def _binary(node: ast.BinOp) -> Iterator[Found]:
    if type(node.op) in ARITHMETIC:
        yield "sign", node, ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    if not isinstance(node.op, ast.Mod | ast.Pow):
        yield "term", node, node.left
    if isinstance(node.op, ast.Add | ast.Mult | ast.BitXor):
        yield "term", node, node.right


def _comparison(node: ast.Compare) -> Iterator[Found]:
    for k, op in enumerate(node.ops):
        for operator, others in (("boundary", BOUNDARY), ("comparison", TURNED)):
            if type(op) in others:
                changed = [*node.ops[:k], others[type(op)](), *node.ops[k + 1 :]]
                yield operator, node, ast.Compare(node.left, changed, node.comparators)


def _boolean(node: ast.BoolOp) -> Iterator[Found]:
    yield "boolean", node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for k in range(len(node.values)):
        left = node.values[:k] + node.values[k + 1 :]
        yield "term", node, ast.BoolOp(node.op, left) if len(left) > 1 else left[0]


def _call(node: ast.Call) -> Iterator[Found]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in ("min", "max"):
        other = ast.Name({"min": "max", "max": "min"}[name], ast.Load())
        yield "extreme", node, ast.Call(other, node.args, node.keywords)
    if name in WRAPPERS and len(node.args) > WRAPPERS[name]:
        yield "term", node, node.args[WRAPPERS[name]]
    if name == "range":
        for bound in node.args:
            if not isinstance(bound, ast.Constant):
                yield "index", bound, _arithmetic(bound, ast.Sub, 1)
