"""Each thing that `./stepwell bench` can measure has its module, and each module is one of them."""

from importlib import import_module
from pathlib import Path

from stepwell.config import bench
from stepwell.config.cli.arguments import BENCHES

NOT_A_BENCH = {"__init__", "demonstration", "sizes"}


def test_every_bench_has_its_module_and_its_name():
    modules = {path.stem for path in Path(bench.__file__).parent.glob("*.py")} - NOT_A_BENCH
    assert modules == set(BENCHES)
    for name in BENCHES:
        assert callable(import_module(f"stepwell.config.bench.{name}").run)
