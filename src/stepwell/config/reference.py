"""The pages of docs/reference, made from the code, so that they cannot say anything else."""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import ModuleType

from django.urls import URLPattern, URLResolver, get_resolver

from stepwell.care.level_of_care import rules as levels
from stepwell.care.level_of_care.rules.needs import TAKES
from stepwell.care.level_of_care.rules.ruleset import BASIS, Rule, Ruleset, rulesets
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
        "level-of-care.md": level_of_care(),
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


def level_of_care() -> str:
    newest = rulesets()[-1]
    return _page(
        "Level of care",
        f"The table in effect is **{newest.name}**, from `care/level_of_care/rules/rulesets/`. "
        f"{newest.source} Its sources were last read on {newest.written_on}.",
        "How sure a rule is: " + "; ".join(f"**{sign}** {means}" for sign, means in BASIS.items()) + ".",
        "`./stepwell level-of-care decide FILE.json` decides a case, or a list of cases.",
        "## The tables",
        "An assessment keeps the name of the table it was made with, and runs again by it.",
        _table(
            ["table", "in effect from", "sha256"],
            [[each.name, str(each.effective_on), f"`{each.sha256}`"] for each in rulesets()],
        ),
        "## What a case may say",
        'A case is an object with `edition` ("3" or "4"), `age` in whole years, `ratings` and `facts`. What is '
        "absent or null is unknown, and never taken as no. Nothing about who a person is is asked: age only chooses "
        "the edition and the hours of minors.",
        "Each of `ratings." + "`, `ratings.".join(levels.Domain) + "` is "
        '`{"value": 0 to 4, "need": …}`. A 3 names its need: `' + "`, `".join(levels.Need) + "`.",
        _table(["rating", "means"], [[str(value), words] for value, words in levels.ANCHORS.items()]),
        _table(["fact", "takes"], [[f"`facts.{name}`", takes] for name, takes in TAKES.items()]),
        "## Emergencies",
        "Looked at first. All that hold are said, and then there is no level.",
        _rules_of_care(newest.emergencies),
        "## Minimums",
        "Each that holds sets a minimum; the highest on each axis stands, and nothing is averaged.",
        _rules_of_care((*newest.minimums, newest.otherwise)),
        "## Withdrawal from alcohol or sedatives",
        "The first row that holds. Withdrawal involves a substance that `in_withdrawal_from` names, and one that "
        "`substances` names where withdrawal is rated 1 or more or a CIWA-Ar is on record.",
        _rules_of_care(newest.withdrawal),
        "## Duties",
        "Beside any answer.",
        _rules_of_care(newest.duties),
        "## Levels",
        _levels(newest),
    )


def _rules_of_care(table: Sequence[Rule]) -> str:
    return _table(
        ["id", "when", "says", "sets", "basis", "source"],
        [[rule.id, rule.asks, _says(rule), _effect(rule), rule.basis, rule.source] for rule in table],
    )


def _says(rule: Rule) -> str:
    return f"{rule.says}. {rule.do}" if rule.do else rule.says


def _effect(rule: Rule) -> str:
    effect = rule.effect
    said = [
        f"intensity {effect.intensity}" if effect.intensity else "",
        f"{effect.hours} hours" if effect.hours != "<9" else "",
        "medical" if effect.medical else "",
        "medical if it stays weekly" if effect.medical_if_weekly else "",
        *(flag.replace("_", " ") for flag in sorted(effect.flags)),
        f"route {effect.route.replace('_', ' ')}" if effect.route else "",
    ]
    return ", ".join(filter(None, said))


def _levels(table: Ruleset) -> str:
    return _table(
        ["level", "third edition", "called", "intensity", "medical", "hours a week", "under 18"],
        [
            [
                label.level.value,
                label.third,
                label.level.in_words,
                str(label.intensity),
                "yes" if label.medical else "",
                label.hours or "",
                label.minors or "",
            ]
            for label in table.labels
        ],
    )
