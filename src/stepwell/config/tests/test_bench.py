"""Each thing that `./stepwell bench` can measure has its module; and a page that is not as it should be is named."""

from collections import Counter
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from stepwell.config import bench
from stepwell.config.bench.pages import PAGES, Cost, Page, faults_of, say
from stepwell.config.cli.arguments import BENCHES

NOT_A_BENCH = {"__init__", "demonstration"}


def test_every_bench_has_its_module_and_its_name():
    modules = {path.stem for path in Path(bench.__file__).parent.glob("*.py")} - NOT_A_BENCH
    assert modules == set(BENCHES)
    for name in BENCHES:
        assert callable(import_module(f"stepwell.config.bench.{name}").run)


TODAY = Page("Today", "nurse", 200, "/staff/today/")
QUICK = Cost([50.0] * 40, [40.0] * 40, 30)


def test_a_page_within_its_budget_that_asks_no_more_of_many_is_well():
    assert faults_of(TODAY, QUICK, QUICK) == []


def test_a_page_is_held_to_its_budget_by_its_slowest_twentieth():
    often_slow = replace(QUICK, processor=[40.0] * 37 + [300.0] * 3)
    assert faults_of(TODAY, often_slow, QUICK) == ["over its budget"]


def test_a_page_that_asks_more_of_many_is_at_fault():
    assert faults_of(TODAY, replace(QUICK, questions=31), QUICK) == ["asks more"]


def test_an_answer_that_is_no_page_is_counted_and_named_however_quick_it_was(capsys):
    refused = replace(QUICK, wrong=Counter({429: 12, 500: 1}))
    assert faults_of(TODAY, refused, QUICK) == ["answered 429: 12", "answered 500: 1"]
    costs: dict[Page, Cost | str] = dict.fromkeys(PAGES, QUICK)
    assert say({40: costs, 2000: costs}) == 0
    assert say({40: costs, 2000: costs | {PAGES[0]: refused}}) == 1
    assert "answered 429: 12" in capsys.readouterr().out


def test_a_page_that_could_not_be_asked_for_is_at_fault_and_the_others_are_told(capsys):
    costs: dict[Page, Cost | str] = dict.fromkeys(PAGES, QUICK)
    assert say({40: costs, 2000: costs | {PAGES[-1]: "/staff/groups/ links to no such page"}}) == 1
    told = capsys.readouterr().out
    assert "links to no such page" in told
    assert told.count("Today, nurse") == 2
