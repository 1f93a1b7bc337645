"""Every verb of the command line and every job has its place here: who may run it, and whose rows it works on.

A verb is run by whoever holds the machine and the database's address: there is no role to ask. What is asked instead is
as whom it connects. A job runs as the app, and so sees rows only inside ``acting_in``.
"""

import asyncio
import inspect
import re
from collections.abc import Callable
from enum import Enum
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from procrastinate.contrib.django import app

from stepwell.config.cli.arguments import VERBS, verb_named
from stepwell.config.cli.environment import ROOT
from stepwell.trust.organizations.acting import current_organization_id
from stepwell.trust.organizations.separation import separated_models
from tests.world import World


class As(Enum):
    """Who holds the machine, and what the verb then is to the database."""

    APP = "the app's role: behind the wall, so it sees no row but inside acting_in"
    OWNER = "the owner, whose address only whoever runs the machine has"
    DEMONSTRATION = "both roles of a server of its own, with fictional people"
    NOBODY = "it opens no database"


VERB_RUNS_AS = {
    "demo": As.DEMONSTRATION,
    "test": As.DEMONSTRATION,
    "check": As.NOBODY,
    "bench": As.DEMONSTRATION,
    "serve": As.APP,
    "audit": As.APP,
    "migrate": As.OWNER,
    "organization": As.APP,
    "worker": As.APP,
    "backup": As.OWNER,
    "restore": As.OWNER,
    "doctor": As.APP,
    "shell": As.APP,
    "measures": As.NOBODY,
    "level-of-care": As.NOBODY,
    "makemigrations": As.NOBODY,
    "messages": As.NOBODY,
    "reference": As.NOBODY,
    "lock": As.NOBODY,
}


class Works(Enum):
    """Whose rows a job works on."""

    IN_EACH_ORGANIZATION = "those of each organization in turn, inside acting_in"
    IN_ONE_ORGANIZATION = "those of the organization it was given, inside acting_in"
    OUTSIDE_THE_WALL = "sessions, jobs and the like, which belong to no organization"


JOBS = {
    "clear_expired_sessions": Works.OUTSIDE_THE_WALL,
    "forget_finished_jobs": Works.OUTSIDE_THE_WALL,
    "forget_paces": Works.OUTSIDE_THE_WALL,
    "forget_old_letters": Works.OUTSIDE_THE_WALL,
    "seal_events": Works.IN_EACH_ORGANIZATION,
    "look_over_the_log": Works.IN_EACH_ORGANIZATION,
    "forget_summaries": Works.IN_EACH_ORGANIZATION,
    "ask_for_tasks": Works.IN_EACH_ORGANIZATION,
    "ask_what_is_due": Works.IN_EACH_ORGANIZATION,
    "plan_sessions": Works.IN_EACH_ORGANIZATION,
    "publish_open_times": Works.IN_EACH_ORGANIZATION,
    "publish_open_times_of": Works.IN_ONE_ORGANIZATION,
    "make_printout": Works.IN_ONE_ORGANIZATION,
    "look_after_printouts": Works.IN_EACH_ORGANIZATION,
    "send_message": Works.IN_ONE_ORGANIZATION,
    "send_what_was_left": Works.IN_EACH_ORGANIZATION,
}


def every_job() -> dict[str, Any]:
    for config in apps.get_app_configs():
        if (
            config.name.startswith("stepwell.")
            and (ROOT / "src" / config.name.replace(".", "/") / "jobs.py").exists()
        ):
            import_module(f"{config.name}.jobs")
    import_module("stepwell.config.jobs")
    return {name: task for name, task in app.tasks.items() if "builtin" not in name}


def test_every_verb_has_its_place() -> None:
    assert {verb.name for verb in VERBS} == set(VERB_RUNS_AS)


@pytest.mark.parametrize("verb", [name for name, runs in VERB_RUNS_AS.items() if runs in (As.APP, As.NOBODY)])
def test_a_verb_that_is_not_the_owners_never_asks_for_the_owner(verb: str) -> None:
    source = inspect.getsource(import_module(verb_named(verb).module))
    assert "need_owner" not in source and ".owner" not in source


def test_every_job_has_its_place() -> None:
    assert set(every_job()) == set(JOBS)


@pytest.mark.parametrize("name", list(JOBS))
def test_a_job_asks_for_no_walled_row_outside_an_organization(world: World, name: str) -> None:
    """Run as the worker runs it: every statement that names a walled table is inside ``acting_in``."""
    walled = {model._meta.db_table for model in separated_models()}
    outside: list[str] = []
    organizations: set[Any] = set()

    def watch(execute: Callable[..., Any], statement: Any, values: Any, many: bool, context: Any) -> Any:
        if walled & set(re.findall(r'"(\w+)"', str(statement))):
            organizations.add(current_organization_id())
            if current_organization_id() is None:
                outside.append(str(statement)[:120])
        return execute(statement, values, many, context)

    task = every_job()[name]
    some = str(uuid4())
    here = {"organization": str(world.alder.id), "center": str(world.center.pk)}
    examples = {"timestamp": 0, "message": some, "printout": some, **here}
    takes = {name: examples[name] for name in inspect.signature(task.func).parameters if name in examples}
    with connection.execute_wrapper(watch):
        answer = task.func(**takes) if name not in NEED_A_WORKER else None
        if asyncio.iscoroutine(answer):
            asyncio.run(answer)
    assert outside == []
    if JOBS[name] is Works.OUTSIDE_THE_WALL:
        assert organizations == set()
    elif JOBS[name] is Works.IN_ONE_ORGANIZATION:
        assert organizations == {world.alder.id}
    else:
        assert organizations >= {world.alder.id, world.birch.id}


#: Jobs of the machinery's own, which need the worker's connection: ``config/tests/test_jobs.py`` runs a worker.
NEED_A_WORKER = {"forget_finished_jobs"}


def test_a_job_that_forgets_to_act_in_an_organization_sees_nothing(world: World) -> None:
    for model in separated_models():
        assert not model._base_manager.exists(), model
