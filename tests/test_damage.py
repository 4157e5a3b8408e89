"""Whatever is changed in a folder of results: the same numbers, or words that say what is wrong."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import ensemble, store
from sim.running import Interrupted, execute
from sim.runs import Asked, arms_of, failures, pairing_of

TWO = Asked(("2021-quiet",), worlds=9, days=20, vary=("us=restraint,in-kind",))
#: What stands in the place of a value; the last one is nested deeper than any manifest.
ODD = [
    None,
    True,
    False,
    0,
    -1,
    7,
    10**30,
    1.5,
    "",
    "x",
    "../x",
    "9/0",
    [],
    {},
    [[]],
    [None],
    [{}],
    {"a": {}},
    {"variant": 99},
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return a folder of finished results, one of a run that broke off, and one of a shard, by name."""
    top = tmp_path_factory.mktemp("damage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ensemble, "BLOCK", 4)
        run_block = ensemble.kernel.run_block
        bad = arms_of(TWO)[1].variant.keys(1, [6])[0]

        def breaking(*args):
            if bad in args[5] and len(args[5]) < 3:
                raise FloatingPointError("a number out of hand")
            return run_block(*args)

        run_units = ensemble.run_units

        def broken(variants, *args, **options):
            for k, block in enumerate(run_units(variants, *args, **options)):
                if k == 4 and len(variants) > 1:
                    raise KeyboardInterrupt
                yield block

        execute(TWO, arms_of(TWO), out=top / "finished")
        shard = Asked(TWO.scenarios, TWO.worlds, days=TWO.days, vary=TWO.vary, shard="1/2")
        execute(shard, arms_of(shard), out=top / "shard")
        patch.setattr(ensemble, "run_units", broken)
        with pytest.raises(Interrupted):
            execute(TWO, arms_of(TWO), out=top / "interrupted")
    return top


def numbers(folder):
    """Return all that results say in numbers: tables, and what else is told."""
    results = store.open_results(folder)
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


KINDS = ("finished", "interrupted", "shard")


def files_of(folder):
    """Return the files of results from their folder, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_never_comes_to_other_numbers(folders, tmp_path, kind):
    """Some hundred places in every file; whoever reads the tables says so, as verify does."""
    expected, healthy = numbers(folders / kind), store.open_results(folders / kind).verify()
    shutil.copytree(folders / kind, tmp_path / "r")

    @settings(max_examples=150)
    @given(st.sampled_from(files_of(folders / kind)), st.floats(0, 1, exclude_max=True), st.integers(0, 7))
    def flipped(name, where, bit):
        path = tmp_path / "r" / name
        raw = path.read_bytes()
        changed = bytearray(raw)
        changed[int(where * len(raw))] ^= 1 << bit
        path.write_bytes(changed)
        try:
            assert same_or_said(tmp_path / "r", expected), (name, int(where * len(raw)), bit)
            try:
                found = store.open_results(tmp_path / "r").verify()
            except store.StoreError as error:
                found = [str(error)]
            assert found != healthy, (name, int(where * len(raw)), bit)
        finally:
            path.write_bytes(raw)

    flipped()
