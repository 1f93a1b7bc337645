"""The verbs and their arguments. Standard library only: read before anything is installed."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import NoReturn

BAD_ARGUMENTS = 2


class Needs(Enum):
    """Which lock file a verb's environment is made from."""

    RUNNING = "requirements.lock"
    DEVELOPING = "requirements-dev.lock"


@dataclass(frozen=True)
class Verb:
    name: str
    does: str
    needs: Needs = Needs.RUNNING
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _parser: None
    passes_on: bool = False

    @property
    def module(self) -> str:
        return f"stepwell.config.cli.{self.name.replace('-', '_')}"


class Parser(argparse.ArgumentParser):
    """Says which argument is wrong and why, in one sentence, and where to read more."""

    def error(self, message: str) -> NoReturn:
        self.exit(
            BAD_ARGUMENTS, f"{self.prog}: {message}.\nType '{self.prog} --help' to see what it takes.\n"
        )


def port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port; give a number from 1 to 65535")
    return int(text)


def count(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from {lowest} to {highest}")
        return int(text)

    return read


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, default=8000, help="where to serve it (8000)")
    parser.add_argument("--reset", action="store_true", help="build Alder Creek anew, as of today")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--patients",
        type=count(1, 2000),
        metavar="N",
        help="how many people are in the program (40); with --reset",
    )


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, default=8000, help="where the proxy in front finds it (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=count(1, 64), default=2, help="how many processes answer (2)")


def _migrate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plan", action="store_true", help="only say what would be done")


def _worker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do the jobs that wait now, then end")


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file to write")


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file that backup wrote")
    parser.add_argument("--replace", action="store_true", help="remove what the database holds now")


#: Each is a module of ``config.bench``.
BENCHES = {
    "pages": "what the staff's pages cost with few people and with many, against their budgets",
    "arrivals": "how fast the demonstration answers at a fixed rate of arrivals, against the budgets",
    "public": "the public pages, with 1,000 centers in the directory, against their budget",
    "access": "what permissions and row-level security cost, and how soon they end",
    "start": "seconds until the demonstration is open, the first time and later",
    "audit": "what the event log costs at ten million events",
}


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=list(BENCHES), nargs="?", help="; ".join(map(": ".join, BENCHES.items()))
    )
    parser.add_argument(
        "--rate", type=count(1, 500), default=20, help="of arrivals and public: arrivals a second (20)"
    )
    parser.add_argument(
        "--seconds", type=count(1, 600), default=60, help="of arrivals and public: for how long (60)"
    )
    parser.add_argument(
        "--patients",
        type=count(1, 2000),
        nargs="+",
        default=[40, 2000],
        metavar="N",
        help="of pages: how many people (40 2000)",
    )
    parser.add_argument(
        "--events", type=count(10_000, 100_000_000), default=10_000_000, help="of the event log (10000000)"
    )


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day; write it as 2026-11-23") from error


def head(text: str) -> str:
    if len(text) != 64 or not set(text.lower()) <= set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a head; give one that './stepwell audit head' printed"
        )
    return text


def _audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=["seal", "verify", "head"],
        help="seal: what waits; verify: say what is not as it was sealed; head: print where each chain ends",
    )
    parser.add_argument(
        "--organization", default="", metavar="SLUG", help="only this one (all, and sign-ins)"
    )
    parser.add_argument(
        "--from", dest="since", type=day, metavar="DATE", help="verify only what was sealed from this day on"
    )
    parser.add_argument(
        "--head",
        type=head,
        action="append",
        default=[],
        metavar="HASH",
        help="one that 'head' printed before: say if it is there no more",
    )


def _organization(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["new"], help="new: begin an organization")
    parser.add_argument("--name", required=True, help="what the organization is called")
    parser.add_argument(
        "--administrator", required=True, metavar="NAME", help="the name of the person who sets up the rest"
    )
    parser.add_argument("--email", required=True, help="the e-mail they sign in with")
    parser.add_argument(
        "--time-zone",
        required=True,
        metavar="ZONE",
        help="the clock on the wall of the first center, such as America/New_York",
    )
    parser.add_argument("--center", default="", metavar="NAME", help="what that center is called (the same)")


def _reference(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say which pages are out of date")


def _shell(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-c", "--command", metavar="CODE", help="run this and end")


def _makemigrations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("app", nargs="*", help="only these apps, by their labels (all)")
    parser.add_argument("--name", help="what the new migration is called")
    parser.add_argument(
        "--empty", action="store_true", help="one to be written by hand; names its app as well"
    )


VERBS = (
    Verb("demo", "show Alder Creek, a fictional center, on this machine", arguments=_demo),
    Verb("test", "run the tests; takes pytest's arguments", needs=Needs.DEVELOPING, passes_on=True),
    Verb("check", "look at format, types, imports, pages: say all that is wrong", needs=Needs.DEVELOPING),
    Verb("bench", "measure the pages, the start, or what a promise costs", arguments=_bench),
    Verb("serve", "run a real center, from settings in the environment", arguments=_serve),
    Verb("migrate", "bring the database to this version", arguments=_migrate),
    Verb("worker", "do the jobs that wait, and the daily ones", arguments=_worker),
    Verb("backup", "write the whole database to a file", arguments=_backup),
    Verb("restore", "fill an empty database from such a file", arguments=_restore),
    Verb("audit", "seal the event log, or verify that nothing in it was changed", arguments=_audit),
    Verb("organization", "begin an organization and its administrator", arguments=_organization),
    Verb("doctor", "say what is wrong with this installation, and what to do"),
    Verb("shell", "a Python prompt with everything loaded", arguments=_shell),
    Verb("measures", "list the questionnaires, or score answers in a file", passes_on=True),
    Verb("level-of-care", "decide the level of care for the cases in a file", passes_on=True),
    Verb(
        "makemigrations",
        "write the migrations that changed models need",
        needs=Needs.DEVELOPING,
        arguments=_makemigrations,
    ),
    Verb("messages", "gather the words of the screens for translation", needs=Needs.DEVELOPING),
    Verb("reference", "rebuild the pages of docs/reference from the code", arguments=_reference),
    Verb("lock", "write the lock files anew (needs uv)", needs=Needs.DEVELOPING),
)
GROUPS = (
    ("Start here", ("demo", "test", "check")),
    (
        "Run a center",
        ("serve", "migrate", "organization", "worker", "backup", "restore", "audit", "doctor", "shell"),
    ),
    ("Develop", ("bench", "measures", "level-of-care", "makemigrations", "messages", "reference", "lock")),
)


def verb_named(name: str) -> Verb:
    return next(verb for verb in VERBS if verb.name == name)


def overview() -> str:
    """The verbs, in one screen."""
    lines = ["Stepwell runs an addiction-treatment intensive outpatient program."]
    for title, names in GROUPS:
        lines.append(f"{title}:")
        lines += [f"  {name:<15} {verb_named(name).does}" for name in names]
    lines.append("Usage: ./stepwell VERB; './stepwell VERB --help' says what a verb takes.")
    return "\n".join(lines)


def parser_of(verb: Verb) -> Parser:
    parser = Parser(prog=f"./stepwell {verb.name}", description=verb.does[0].upper() + verb.does[1:] + ".")
    verb.arguments(parser)
    return parser


def parse(words: list[str]) -> tuple[Verb, argparse.Namespace] | int:
    """The verb and its arguments; or the exit code when all has been said already."""
    if not words or words[0] in ("help", "-h", "--help"):
        print(overview())
        return 0
    name, *rest = words
    known = {verb.name: verb for verb in VERBS}
    if name not in known:
        Parser(prog="./stepwell").error(f"'{name}' is not one of its verbs ({', '.join(known)})")
    verb = known[name]
    if verb.passes_on:
        return verb, argparse.Namespace(words=rest)
    return verb, parser_of(verb).parse_args(rest)
