"""What `./stepwell` does first, in the system's Python: read the arguments, have the environment, go inside."""

import os
import sys

from stepwell.config.cli.arguments import parse
from stepwell.config.cli.environment import ROOT, CannotMake, Environment


def main(words: list[str]) -> int:
    understood = parse(words)
    if isinstance(understood, int):
        return understood
    verb, _arguments = understood
    environment = Environment()
    try:
        environment.ensure(verb.needs)
    except CannotMake as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    # Takes this process's place, so that a signal sent to us reaches the verb.
    return os.execv(environment.python, [str(environment.python), "-m", "stepwell.config.cli", *words])
