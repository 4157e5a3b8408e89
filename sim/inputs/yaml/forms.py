"""Checks of a document against a form, with the place of everything that does not fit."""

import re
import types
from dataclasses import replace
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails

from sim.errors import InputError, Mistake, Problem, Rejected, described, nearest, one_of, unknown
from sim.inputs.allowed_names import as_name, as_text, as_title
from sim.inputs.yaml.document import Document, Where, dotted

Form = TypeVar("Form", bound=BaseModel)
#: Problems told of one file: whoever has more will see the rest after mending these.
_MOST_PROBLEMS = 200


def validate(document: Document, model: type[Form], context: dict[str, Any] | None = None) -> Form:
    """Return the values of ``document`` as a ``model``; InputError with every problem of reading and of form."""
    found: Form | None = None
    problems = list(document.problems)
    try:
        found = model.model_validate(document.values, context=context)
    except ValidationError as error:
        for detail in error.errors(include_url=False)[:_MOST_PROBLEMS]:
            problems += _problems_of(document, model, detail)
    if problems or found is None:
        raise InputError(one_a_place(problems))
    return found


def one_a_place(problems: list[Problem]) -> list[Problem]:
    """Return the first problem of each place, in the order of the file: the second is mostly an echo of it."""
    first: dict[tuple[str, int, int], Problem] = {}
    for problem in problems:
        first.setdefault((problem.file, problem.line, problem.column), problem)
    return sorted(first.values(), key=lambda p: (p.file, p.line, p.column))


def _problems_of(document: Document, model: type[BaseModel], detail: ErrorDetails) -> list[Problem]:
    """Return what one error of pydantic means in the file."""
    where: Where = tuple(step for step in detail["loc"] if step != "[key]")
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Rejected) and "[key]" not in detail["loc"]:
        return [document.problem(where, mistake) for mistake in cause.mistakes]
    mistake = _mistake_of(model, detail, where)
    if detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]:
        return [document.problem(where, replace(mistake, of_key=True))]
    if detail["type"] == "missing":
        mark = document.mark(where[:-1])
        return [Problem(mark.file, mark.key_line, mark.key_column, dotted(where[:-1]), mistake.expected, mistake.got)]
    return [document.problem(where, mistake)]


_EXPECTED = {
    "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
    "string_type": "text", "bool_type": "true or false", "date_type": "a date such as 2020-01-03",
    "dict_type": "a map", "model_type": "a map", "model_attributes_type": "a map", "list_type": "a list",
    "string_too_short": "some text", "finite_number": "a finite number",
    "greater_than_equal": "a number of at least {ge:g}", "greater_than": "a number above {gt:g}",
    "less_than_equal": "a number of at most {le:g}", "less_than": "a number below {lt:g}",
    "too_short": "at least {min_length}", "too_long": "at most {max_length}",
}  # fmt: skip


def _mistake_of(model: type[BaseModel], detail: ErrorDetails, where: Where) -> Mistake:
    """Return expected, got and hint for one error of pydantic."""
    kind, context, got = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "extra_forbidden":
        return unknown(where[-1], _keys_at(model, where[:-1]), "a known key")
    if kind == "missing":
        return Mistake(f"the key '{where[-1]}'", "nothing")
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return Mistake(one_of(words), described(got), nearest(got, words) if isinstance(got, str) else "")
    cause = context.get("error")
    if isinstance(cause, Rejected):
        return cause.mistakes[0]
    template = _EXPECTED.get(kind)
    return Mistake(template.format(**context) if template else detail["msg"], described(got))


def _keys_at(model: type[BaseModel], where: Where) -> list[str]:
    """Return the keys that the form allows at ``where``."""
    here: Any = model
    if issubclass(model, RootModel):
        here = _inner_model(model.model_fields["root"].annotation)
    for step in where:
        fields = here.model_fields if _is_model(here) else {}
        by_key = {info.alias or name: info.annotation for name, info in fields.items()}
        here = _inner_model(by_key.get(str(step), here))
    return [info.alias or name for name, info in here.model_fields.items()] if _is_model(here) else []


def _inner_model(annotation: Any) -> Any:
    """Return the form that an annotation such as ``list[Rule]`` or ``Rule | None`` is about."""
    if _is_model(annotation) or (get_origin(annotation) is None and not isinstance(annotation, types.UnionType)):
        return annotation
    return next((one for one in map(_inner_model, reversed(get_args(annotation))) if _is_model(one)), None)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


#: How every form is checked: no other keys, no number for a word and no truth for a number. What checks it is put
#: together when it is first used: a command uses few of all forms.
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


def _is_stem(value: str, info: ValidationInfo) -> str:
    stem = (info.context or {}).get("stem")
    if stem and value != stem:
        raise Rejected(Mistake(f"the file's own name, '{stem}'", described(value)))
    return value


#: A name that must equal the file's stem, which ``validate`` is given as ``context["stem"]``.
OwnName = Annotated[str, AfterValidator(_is_stem), AfterValidator(as_name)]
#: A line to read, and one text or more: neither is blank.
Title = Annotated[str, Field(min_length=1), AfterValidator(as_title)]
Text = Annotated[str, Field(min_length=1), AfterValidator(as_text)]
