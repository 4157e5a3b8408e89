"""The calendar of Washington: on which days an elected administration takes office."""

from datetime import date, timedelta

from sim.world.field import N_OFFICES


def days_of_office(start: date) -> list[int]:
    """Return the days on which administrations take office that are elected after the start.

    The 20th amendment: at noon on 20 January after an election in November of each year that four divides. Of one that
    was elected before the start the scenario says what it thinks.
    """
    years = range(start.year, start.year + 16)
    days = [(date(year + 1, 1, 20) - start).days for year in years if year % 4 == 0 and election_day(year) > start]
    return days[:N_OFFICES]


def election_day(year: int) -> date:
    """Return the Tuesday after the first Monday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(0 - first.weekday()) % 7 + 1)
