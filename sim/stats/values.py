"""Columns of a table of worlds as plain arrays: numbers with NaN for null, categories as their places."""

from typing import Any

import numpy as np

#: What is left by rounding of differences that are none, as a part of the values.
TRACE = 1e-9


def codes_of(values: Any, categories: tuple[str, ...]) -> np.ndarray:
    """Return categories as their places in ``categories``, shape (worlds,); -1 where null or not among them."""
    codes = getattr(values, "cat", values)
    if hasattr(codes, "codes") and tuple(codes.categories) == categories:
        return np.asarray(codes.codes, dtype=np.int64)
    array = np.asarray(values)
    if array.dtype.kind in "OUST":
        place = {name: code for code, name in enumerate(categories)}
        return np.array([place.get(name, -1) for name in array.tolist()], dtype=np.int64)
    numbers = array.astype(float)
    return np.where(np.isnan(numbers), -1, numbers).astype(np.int64)


def numbers_of(values: Any) -> np.ndarray:
    """Return values as floats, NaN where null; pandas' nullable columns included."""
    if hasattr(values, "to_numpy"):
        return values.to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(values, dtype=float)


def defined(values: Any) -> np.ndarray:
    """Return the values that are not null, as floats."""
    numbers = numbers_of(values)
    return numbers[~np.isnan(numbers)]


def apart(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return by how much paired floats differ, second less first (n,); what rounding leaves of nothing is nothing."""
    differences = second - first
    traces = np.abs(differences) <= TRACE * np.maximum(np.abs(first), np.abs(second))
    return np.where(traces, 0.0, differences)


def both_defined(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two paired columns of floats where neither is null; ValueError if they are not of the same worlds."""
    if first.shape != second.shape:
        raise ValueError(f"paired values need the same worlds: shapes {first.shape} and {second.shape} differ")
    keep = ~(np.isnan(first) | np.isnan(second))
    return first[keep], second[keep]
