"""Addresses: a 64-bit number for a name, so that chance, rules and streams are found by what they are called."""

import hashlib


def address(*words: str) -> int:
    """Return the 64-bit address of a name made of ``words``; the same on every machine, and never 0."""
    digest = hashlib.blake2b("\x1f".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1
