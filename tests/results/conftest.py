"""What tests of results share."""

import pytest

from sim.experiments.request import Request, variants_of
from sim.running import ensemble
from sim.running.execute import execute
from sim.running.run import Interrupted
from tests.results.damaged_folders import TWO


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return a folder of finished results, one of a run that broke off, and one of a shard, by name."""
    top = tmp_path_factory.mktemp("damage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ensemble, "UNIT_WORLDS", 4)
        run_units = ensemble.run_units

        def broken(variants, *args, **options):
            for k, result in enumerate(run_units(variants, *args, **options)):
                if k == 4 and len(variants) > 1:
                    raise KeyboardInterrupt
                yield result

        execute(TWO, variants_of(TWO), out=top / "finished")
        shard = Request(TWO.scenarios, TWO.worlds, days=TWO.days, vary=TWO.vary, shard="1/2")
        execute(shard, variants_of(shard), out=top / "shard")
        patch.setattr(ensemble, "run_units", broken)
        with pytest.raises(Interrupted):
            execute(TWO, variants_of(TWO), out=top / "interrupted")
    return top
