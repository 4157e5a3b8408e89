"""Attacks on the whole product, for as long as one likes: ``python -m tests.attacks --minutes 10`` (``make attacks``).

Files, options, results folders and their manifests are damaged at random; runs are killed; the same worlds are lived
under other settings of processor and libraries. Whatever comes, there is no traceback, no wrong number with code 0,
nothing written where something was refused. What was tried and what came of it goes to ``docs/evidence.md``.
"""
