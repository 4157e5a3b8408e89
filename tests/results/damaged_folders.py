"""What results say in numbers, or that they cannot be read."""

from sim import results as store
from sim.experiments.request import Request
from sim.results.run_facts import failures, pairing_of

TWO = Request(("2021-quiet",), worlds=9, days=20, vary=("us=restraint,in-kind",))


def numbers(folder):
    """Return all that results say in numbers: tables, and what else is told."""
    results = store.Results(folder)
    labels = results.variants
    tables = [results.outcomes, results.series]
    tables += [results.inputs_of(label) for label in labels] if results.names("inputs") else []
    failed = [failures(results, label) for label in labels]
    said = [results.manifest[key] for key in ("seed", "worlds", "label", "days", "start", "shard")]
    return tables, [labels, failed, pairing_of(results), said]


def same_or_said(folder, expected):
    """Return whether results say the same numbers, or that they cannot be read, in a line."""
    try:
        tables, said = numbers(folder)
    except store.StoreError as error:
        return "\n" not in str(error)
    alike = [one.equals(other) for one, other in zip(tables, expected[0], strict=True)]
    return all(alike) and said == expected[1]


def files_of(folder):
    """Return the files of results from their folder, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
