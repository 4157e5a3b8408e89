"""A scenario as a page: what it asks, where it starts and on whose word, who follows what, what is scripted."""

from collections.abc import Iterator

from sim.inputs.distributions.quantities import Distribution
from sim.inputs.scenario import EventForm, Scenario, load_scenario, shipped_scenario
from sim.inputs.theory import Parameter, load_parameters, load_situation
from sim.inputs.yaml.files import names_of
from sim.names.script import SCRIPTED
from sim.wording import cell, code, markdown, paragraph

_SWITCHES = {"presence_pinned": "no exit can be decided", "caretaker_pinned": "no government can be formed"}


def scenario_page(name: str, whole: bool = True) -> str:
    """Return the page of one scenario, in Markdown; without ``whole`` only what is its own of the starting position."""
    scenario = load_scenario(name) if whole else shipped_scenario(name)
    form = scenario.form
    lines = [
        f"# {paragraph(form.title)}", "",
        code(form.scenario) + (f", from {code(form.extends)}" if form.extends else ""), "",
        paragraph(form.purpose), "",
        f"Starts on {form.start:%-d %B %Y}, runs for {form.days} days; the house is {code(form.house)}, the theory "
        f"{_theory(scenario)}.", "", "## Who follows which policy", "", *_policies(scenario), "",
    ]  # fmt: skip
    if form.events:
        lines += ["## What is scripted", "", *_events(scenario), ""]
    pinned = [f"- {_SWITCHES[switch]}" for switch, on in form.switches.items() if on]
    if pinned:
        lines += ["## What is pinned", "", *pinned, ""]
    if form.parameters or form.mechanisms:
        lines += ["## What differs in the model", "", *_differing(scenario), ""]
    if whole or form.situation:
        lines += ["## Where it starts", "", *_position(scenario, whole)]
    return "\n".join(lines) + "\n"


def all_scenarios_page() -> str:
    """Return docs/scenarios.md: the page of every shipped scenario, one under the other."""
    head = "# Scenarios\n\nMade by `make pages`. Of each starting position only what is the scenario's own is listed; "
    head += "`crossfire describe scenario NAME` has the rest.\n"
    pages = [scenario_page(name, whole=False) for name in names_of("scenario")]
    pages = [page.replace("\n## ", "\n### ").replace("# ", "## ", 1) for page in pages]
    return "\n".join([head, *pages])


def _theory(scenario: Scenario) -> str:
    theory = scenario.form.theory
    if isinstance(theory, str):
        return code(theory)
    return ", ".join(markdown(f"{mechanism}: {reading}") for mechanism, reading in theory.items())


def _policies(scenario: Scenario) -> Iterator[str]:
    policies = scenario.form.policies
    for key in ("us", "iran", "government", "factions"):
        named = getattr(policies, key)
        if isinstance(named, str):
            yield f"- {key}: {code(named)}"
        else:
            yield from (f"- {faction}: {code(policy)}" for faction, policy in named.items())


def _events(scenario: Scenario) -> Iterator[str]:
    for name, event in scenario.form.events.items():
        cited = f" ({markdown('; '.join(event.claim))})" if event.claim else ""
        yield f"- {_when(event)}: {SCRIPTED[event.do].meaning}{_options(event)} ({code(name)}){cited}"


def _when(event: EventForm) -> str:
    return f"{event.date:%-d %B %Y}" if event.date else f"day {event.day}"


def _options(event: EventForm) -> str:
    """Return the options that were given, in words."""
    told = []
    for option in SCRIPTED[event.do].options:
        if option.name in event.options:
            value = event.options[option.name]
            word = option.choices[int(value)].replace("_", " ") if option.choices else f"{value:g}"
            told.append(f"{option.name} {word}")
    return f": {', '.join(told)}" if told else ""


def _differing(scenario: Scenario) -> Iterator[str]:
    parameters = load_parameters()
    for name, one in scenario.form.parameters.items():
        yield f"- {parameters[name].meaning}: {one.text()}{_said(one)}"
    for name, one in scenario.form.mechanisms.items():
        yield f"- strength of {name}: {one.text()}{_said(one)}"


def _said(one: Distribution) -> str:
    return f" ({markdown(one.note)})" if one.note else ""


def _position(scenario: Scenario, whole: bool) -> Iterator[str]:
    yield "| what | value | unit | source |"
    yield "|---|---|---|---|"
    for name, usual in load_situation().items():
        own = scenario.form.situation.get(name)
        if own or whole:
            yield _row(usual, own)


def _row(usual: Parameter, own: Distribution | None) -> str:
    value = f"**{own.text()}**" if own else usual.value.text()
    source = (own.note or own.source or "") if own else usual.source
    meaning, unit, word = (cell(markdown(text)) for text in (usual.meaning, usual.unit, source))
    return f"| {meaning} | {value} | {unit} | {word} |"
