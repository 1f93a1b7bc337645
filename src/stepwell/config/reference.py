"""The pages of docs/reference, made from the code, so that they cannot say anything else."""

import importlib
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType

from django.urls import URLPattern, URLResolver, get_resolver

from stepwell.config.cli import arguments
from stepwell.trust.access.rules import TABLE, Relation
from stepwell.trust.accounts.roles import Role

FOLDER = Path("docs") / "reference"
NOTE = "<!-- Made by ./stepwell reference. Change the code, then make it again. -->"
PACKAGE = Path(__file__).resolve().parents[1]


def pages() -> dict[str, str]:
    """Each page's name and what it says."""
    return {
        "roles-and-permissions.md": roles_and_permissions(),
        "life-cycles.md": life_cycles(),
        "addresses.md": addresses(),
        "command-line.md": command_line(),
    }


def write(root: Path) -> None:
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (root / FOLDER / name).write_text(text)


def stale_pages(root: Path) -> Iterator[str]:
    for name, text in pages().items():
        page = root / FOLDER / name
        if not page.exists() or page.read_text() != text:
            yield f"{FOLDER / name} does not say what the code says; make it again with ./stepwell reference"


def _page(title: str, *paragraphs: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *paragraphs]) + "\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def roles_and_permissions() -> str:
    signs = {
        Relation.SELF: "self",
        Relation.CARE_TEAM: "team",
        Relation.EMERGENCY: "emergency",
        Relation.CENTER: "center",
    }
    rows = [
        [
            permission.value,
            *(", ".join(signs[each] for each in Relation if each in by_role.get(role, ())) for role in Role),
        ]
        for permission, by_role in TABLE.items()
    ]
    return _page(
        "Roles and permissions",
        "Who may do what, from `trust/access/rules.py`. What is empty is refused.\n"
        + "\n".join(f"- **{sign}**: {relation.value}" for relation, sign in signs.items()),
        _table(["may", *(role.value.replace("_", " ") for role in Role)], rows),
    )


def life_cycles() -> str:
    parts = []
    for module in _rules():
        for name, cycle in vars(module).items():
            if (
                name.isupper()
                and name.startswith("NEXT")
                and isinstance(cycle, Mapping)
                and _is_defined_in(module, name)
            ):
                rows = [
                    [*map(_word, key if isinstance(key, tuple) else (key,)), _word(to)]
                    for key, to in cycle.items()
                ]
                path = module.__name__.removeprefix("stepwell.")
                parts.append(f"## {path.partition('.rules')[0].replace('.', ' / ').replace('_', ' ')}")
                parts.append(f"From `{path}.{name}`.")
                parts.append(
                    _table(["from", "step", "to"][:1] + ["step"] * (len(rows[0]) - 2) + ["to"], rows)
                )
    return _page("Life cycles", "Each is a table; what is absent is refused.", *parts)


def _rules() -> list[ModuleType]:
    """Every module of rules, in the order of their paths."""
    paths = sorted({*PACKAGE.glob("*/**/rules.py"), *PACKAGE.glob("*/**/rules/**/*.py")})
    names = [".".join(("stepwell", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in paths]
    return [importlib.import_module(name.removesuffix(".__init__")) for name in names]


def _is_defined_in(module: ModuleType, name: str) -> bool:
    """Whether that table is written there, and not only imported."""
    source = Path(module.__file__ or "").read_text()
    return f"\n{name} = " in source or f"\n{name}: " in source


def _word(thing: object) -> str:
    return thing.name.lower().replace("_", " ") if isinstance(thing, Enum) else str(thing)


def addresses() -> str:
    rows = [[f"`/{path}`", f"`{name}`"] for path, name in sorted(_addresses(get_resolver()))]
    return _page(
        "Addresses",
        "Nouns with a trailing slash. Those of the demonstration are in it too.",
        _table(["address", "name"], rows),
    )


def _addresses(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern, path, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield path, f"{space}{pattern.name}"


def command_line() -> str:
    parts = []
    for title, names in arguments.GROUPS:
        parts.append(f"## {title}")
        for name in names:
            verb = arguments.verb_named(name)
            parts.append(f"### `./stepwell {name}`\n\n{verb.does[0].upper() + verb.does[1:]}.")
            if rows := _arguments_of(verb):
                parts.append(_table(["argument", "means"], rows))
    return _page("The command line", *parts)


def _arguments_of(verb: arguments.Verb) -> list[list[str]]:
    return [
        [f"`{', '.join(action.option_strings) or action.metavar or action.dest}`", action.help or ""]
        for action in arguments.parser_of(verb)._actions
        if action.dest != "help"
    ]
