"""Run one verb, inside the environment."""

import importlib
import sys

from stepwell.config.cli.arguments import BAD_ARGUMENTS, parse
from stepwell.config.cli.environment import CannotMake
from stepwell.config.postgres.places import Unusable


def main(words: list[str]) -> int:
    understood = parse(words)
    if isinstance(understood, int):
        return understood
    verb, arguments = understood
    try:
        code: int = importlib.import_module(verb.module).run(arguments)
    except (Unusable, CannotMake) as refusal:
        print(refusal, file=sys.stderr)
        return BAD_ARGUMENTS
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
