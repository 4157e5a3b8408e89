"""Worlds told: the most typical one, the most surprising one, and one that two variants part."""

from collections.abc import Iterator

from sim.report.blocks import Block, Para, WorldStory
from sim.report.commands_again import command_of_story
from sim.report.context import Context
from sim.report.typical_worlds import chosen_worlds
from sim.stories.story import story
from sim.wording import date_in_words, headed


def section(context: Context) -> Iterator[Block]:
    """Yield the most typical and the most surprising world of the baseline, and one that two variants part."""
    if context.variants[0] is None or context.variants[-1] is None:
        yield Para("Rules or files have changed since the run, so its worlds cannot be told.")
        return
    typical, strange = chosen_worlds(context.results, context.labels[0], context.measures)
    for one, words in ((typical, "the most typical"), (strange, "the most surprising")):
        why = f"of all worlds under {context.names[0]}, {words} by its headline outcomes together"
        yield _told(context, 0, one.world, f"{headed(why)}.", words)
    if found := _parted_world(context):
        yield from _told_twice(context, *found)


def _told_twice(context: Context, k: int, world: int, differ: int) -> Iterator[WorldStory]:
    """Yield one world under a variant and under the baseline: the same values and luck, other decisions."""
    first, other = context.names[0], context.names[k]
    why = (
        f"Chosen because exits differ most between {other} and {first} among the policies that do not order an "
        f"exit themselves: in {differ:,} worlds the US is gone under one and not under the other. Told is "
        "one as most of them are: the same values of everything that nobody knows, the same luck, other decisions."
    )
    yield _told(context, k, world, why, f"it ends differently from {first}")
    beside = f"The same world under {first}, to be read beside the one above."
    yield _told(context, 0, world, beside, f"the same world, to compare with {other}")


def _parted_world(context: Context) -> tuple[int, int, int] | None:
    """Return the variant whose exits differ most from the baseline's, a world in which they do, and how many do.

    A variant whose policy orders an exit whatever happens is taken only where there is no other.
    """
    found = []
    for k, label in enumerate(context.labels[1:], start=1):
        frames = [
            context.results.outcomes_columns(["world", "exited"], one).set_index("world")["exited"].astype(bool)
            for one in (context.labels[0], label)
        ]
        here, there = frames[1].reindex(frames[0].index), frames[0]
        sides = sorted((here.index[here & ~there], here.index[there & ~here]), key=len)
        n = sum(map(len, sides))
        if n and context.variants[k] is not None:  # one of those that are gone under the one with more exits
            found.append(("exited" not in context.given[k], n, -k, int(sides[-1][len(sides[-1]) // 2])))
    if not found:
        return None
    _, n, k, world = max(found)
    return -k, world, n


def _told(context: Context, k: int, world: int, why: str, words: str) -> WorldStory:
    """Return a world told under the variant of this place."""
    variant = context.variants[k]
    assert variant is not None
    one = story(variant, world, context.results.seed)
    lines = tuple((date_in_words(s.date), s.text, s.source) for s in one.sentences)
    command = command_of_story(context.manifest, context.folder, k, world)
    return WorldStory(f"World {world} under {context.names[k]}: {words}", why, lines, one.ending, command)
