"""Mutants of the rules: small faults put into ``sim/world`` one at a time, to see whether the tests of rules notice.

``python -m tests.mutants`` (or ``make mutants``) makes every mutant, runs the tests of ``tests/rules`` that reach its
statement, and prints those that no test kills, each with its source line before and after, and the score by module and
by operator. No file of the checkout is touched. Some ways to ask::

    python -m tests.mutants --module isis                 # all mutants of one module
    python -m tests.mutants --sample 60 --seed 7          # some of all modules
    python -m tests.mutants --module iran --sample 40 --survivors /tmp/iran.txt
    python -m tests.mutants --id isis:start_cells:35:sign:1   # one, and the test that kills it
    python -m tests.mutants --function press --module iraqi_forces
    python -m tests.mutants --list --module sadr          # only name them

The first run after an edit of the rules looks which test reaches which statement (half a minute; kept in ``.cache``);
after an edit of one file of tests only that file is looked at anew. Then a mutant meets the tests that reach it until
one fails: first those that killed others of its function, those in files named for its module (``test_isis.py``) and
those that call the function themselves, then the quick before the slow. One whose tests run far beyond their usual time
counts as killed; one that no test reaches has survived. Only tests of rules count: a frozen table of outcomes would
kill everything and explain nothing. A test that fails without any mutant is left out, and said.

Libraries of this kind do not fit: mutmut leaves decorated functions alone, and every rule is decorated; cosmic-ray
edits the files of the checkout; both pay an import for each mutant. Here a child process forked from one that has
collected the tests exchanges the code of one function (rules are plain functions when uncompiled), and runs.

Left out: the record's tables and what lays them out while it is imported, and the machinery of compilation. Numbers
and index constants are changed where they are used.
"""
