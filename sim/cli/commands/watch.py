"""``crossfire watch``: stays, and answers each save of the files that variants are made of."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.cli.options import OF_SCENARIO, RunOptions, ScenarioNames, takes
from sim.cli.program import command
from sim.cli.progress import telling_of_compilation
from sim.cli.watch_views import WatchView, shown_names, watch_view
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.experiments.request import Request
    from sim.running.engine import Engine, Question
    from sim.stats import Preferences


#: After so many worlds the terminal has another answer, before all are there.
LOOKS = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


@command(
    "crossfire watch 2020-soleimani --vary us=in-kind,mine",
    "crossfire watch my-scenario.yaml --worlds 2000",
    "crossfire watch 2020-soleimani --vary us=in-kind,mine --json",
)
@takes("vary", "baseline", "worlds", *OF_SCENARIO, "threads", "ties", "wants", "as_json")
def watch(scenario: ScenarioNames, options: RunOptions) -> None:
    """Stay, and answer each save of a scenario's files, policies or theories: how its variants differ now.

    What is wrong in a file is said as 'check' says it; what an edit touches is said before it is run. Without --vary,
    the scenario is compared with the way it was at first. Ctrl-C ends it. Nothing is written: 'compare' keeps results.
    """
    from sim.running.compiling import load_numba_lightly

    load_numba_lightly()
    from sim.running.engine import Engine

    request = replace(options, series="none").request(scenario)
    preferences = options.preferences()
    with Engine(options.threads) as engine, watch_view(options.as_json) as view:
        _Session(engine, request, preferences, view).stay()


class _Session:
    """Asks, answers, waits for the next save, and asks again."""

    def __init__(self, engine: "Engine", request: "Request", preferences: "Preferences", view: WatchView) -> None:
        self.engine, self.request, self.preferences, self.view = engine, request, preferences, view
        self.files: list[str] = []

    def stay(self) -> None:
        """Answer each save, for ever."""
        from sim.running.file_watch import FileWatch

        question = self._asked_first()
        while True:
            file_watch = FileWatch(self.engine.shelf.looked_at)
            self._tell_files()
            if question:
                self._answer(question, file_watch)
            self.view.saved(shown_names(file_watch.wait(lambda paths: self.view.gone(shown_names(paths)))))
            try:
                question = self._ask()
            except InputError as wrong:
                question = None
                self.view.wrong(wrong)

    def _asked_first(self) -> "Question | None":
        """Return the first question; None where a file must be mended first. What no file could mend is an error."""
        try:
            return self._ask()
        except InputError as wrong:
            there = shown_names(path for path, read in self.engine.shelf.looked_at.items() if read.changed)
            if not any(problem.file in there for problem in wrong.problems):
                raise
            self.view.wrong(wrong)
            return None

    def _ask(self) -> "Question":
        return self.engine.ask(self.request, looks=LOOKS, preferences=self.preferences)

    def _answer(self, question: "Question", file_watch: Any) -> None:
        """Tell the answers as they come; a save on the way drops the rest."""

        def ran(worlds: int) -> None:
            self.view.ran(worlds)
            if file_watch.pending():
                question.drop()

        with telling_of_compilation():
            touched = question.touched
        self.view.touches(touched)
        for answer in question.answers(ran):
            self.view.answered(answer)

    def _tell_files(self) -> None:
        files = shown_names(path for path, read in self.engine.shelf.looked_at.items() if read.changed)
        if files != self.files:
            self.files = files
            self.view.watches(files)
