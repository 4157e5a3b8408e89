"""What the exits rest on: mechanisms and rules among their causes, and the documents behind them."""

from collections.abc import Iterator, Sequence

from sim import stats
from sim.experiments.variants import Variant
from sim.inputs.claims import load_claims
from sim.report.blocks import Block, Para, Table, code
from sim.report.context import FOLLOWED, Context
from sim.stories.causes_of_exits import Ground, Grounds
from sim.wording import NOTHING, in_shell

#: Mechanisms, and rules, shown among the grounds of exits.
SHOWN = 10


def section(context: Context) -> Iterator[Block]:
    """Yield what exits rest on under each variant: mechanisms and rules among their causes."""
    n = max((one.worlds for one in context.grounds if one is not None), default=0)
    yield _sample(n)
    if not _varies_a_mechanism(context):
        off = in_shell(("crossfire", "compare", context.inputs["scenario"], "--vary", "M01=0,1"))
        yield Para(
            "A cause that is recorded need not be one without which the US would have stayed. Whether exits would "
            f"become rarer without a mechanism can be tried by switching it off, as by {code(off)}; that was "
            "not run for this report, and its result is not known here. Claims with letter and number stand in the "
            "ledger; the rest are paragraphs of the documents."
        )
    for one, name in zip(context.grounds, context.names, strict=True):
        if one is None:
            yield Para(f"{name}: rules or files have changed since the run, so its worlds cannot be lived again.")
        elif not one.worlds:
            yield Para(f"{name}: no world has an exit.")
    if n:
        yield _table(context)


def _sample(n: int) -> Para:
    """Return of which exits the causes were followed, ``n`` of a variant at most, and how coarse that is."""
    low, high = stats.wilson_interval(n // 2, n) if n else (None, None)
    coarse = f" Of {n} exits a share of a half may be anything from {low:.0%} to {high:.0%}." if low and high else ""
    return Para(
        "Exits were followed back to their causes through the record. The share says in how many of the exits "
        "looked at a mechanism or a rule is recorded among the causes, at whatever remove. Looked at are the first "
        f"{FOLLOWED} worlds of each variant, by number, that have an exit (all of them where there are fewer): "
        "numbers have nothing to do with what happens in a world, so this is a sample by chance, and a small one."
        f"{coarse} Worlds are not the same from one variant to the next, since not the same ones have an exit."
    )


def _varies_a_mechanism(context: Context) -> bool:
    settings = [(entry["inputs"] or {}).get("settings") or {} for entry in context.manifest["variants"]]
    return any(path.startswith("mechanisms.") for given in settings for path in given)


def _table(context: Context) -> Table:
    """Return the commonest mechanisms and rules with their shares, a column for each variant that has exits."""
    ready = [
        (name, variant, one)
        for name, variant, one in zip(context.names, context.variants, context.grounds, strict=True)
        if variant is not None and one is not None and one.worlds
    ]
    names = [f"{name}\n({one.worlds} exits)" for name, _, one in ready]
    return Table(
        ("rests on", "what it says", *names, "documents"),
        tuple(_rows([(variant, one) for _, variant, one in ready])),
        "In how many of the exits looked at it is among the causes (–: a rule of another policy)",
    )


def _rows(ready: Sequence[tuple[Variant, Grounds]]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each of the commonest mechanisms and rules, with its share under each variant."""
    for kind in ("mechanisms", "rules"):
        shares: dict[str, list[float]] = {}
        grounds: dict[str, Ground] = {}
        for k, (_, one) in enumerate(ready):
            for ground in getattr(one, kind):
                grounds[ground.name] = ground
                shares.setdefault(ground.name, [0.0] * len(ready))[k] = ground.share
        for name in sorted(shares, key=lambda which: -max(shares[which]))[:SHOWN]:
            policies = ({f"{p.key} {p.name}" for p in variant.inputs.policies} for variant, _ in ready)
            cells = (
                NOTHING if kind == "rules" and name.partition(":")[0] not in there else f"{share:.0%}"
                for share, there in zip(shares[name], policies, strict=True)
            )
            what, documents = _said_by(grounds[name])
            yield name, what, *cells, documents


def _said_by(one: Ground) -> tuple[str, str]:
    """Return what a mechanism or a rule says, and what it rests on."""
    if one.title:
        return one.title, "; ".join(one.sources)
    ledger = load_claims()
    claims = [f"{c} ({ledger[c].title})" if c in ledger else c for c in one.sources]
    return "a rule", "; ".join(claims)
