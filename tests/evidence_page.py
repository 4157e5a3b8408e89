"""Sections of ``docs/evidence.md`` by commands of the tests; ``make patterns`` writes the rest, and keeps them."""

from pathlib import Path

from sim.evidence.patterns import SECTION, sections_of

PAGE = Path(__file__).parent.parent / "docs" / "evidence.md"


def write_section(name: str, title: str, text: str, page: Path = PAGE) -> None:
    """Write a section of the page, in place of an earlier one of that name."""
    before = page.read_text(encoding="utf-8")
    kept = sections_of(before)
    begins, ends = (line.format(name=name) for line in SECTION)
    kept[name] = f"{begins}\n## {title}\n\n{text.strip()}\n{ends}"
    head = before.split("<!-- section ")[0].rstrip()
    page.write_text("\n\n".join([head, *kept.values()]) + "\n", encoding="utf-8")
