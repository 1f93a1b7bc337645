"""Reading a definition from its file.

A definition is a JSON file with the wording exactly as published. Reading one checks everything the
scorer relies on, so that a mistake in a file is a sentence naming the file and the field, never a
wrong score.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from stepwell.care.measures.scoring.conditions import expand, parse_condition, parse_threshold
from stepwell.care.measures.scoring.definitions import (
    EACH_SUBSTANCE,
    Answer,
    Band,
    Change,
    CriticalRule,
    Deciles,
    Definition,
    Direction,
    Item,
    ItemKind,
    Json,
    Licence,
    Method,
    MissingRule,
    NotMoreThan,
    Score,
    SkipRule,
    Standing,
)

Kind = TypeVar("Kind", bound=StrEnum)


class DefinitionError(ValueError):
    """A definition that cannot be relied on. Says which file and which field."""

    def __init__(self, file: str, where: str, problem: str) -> None:
        super().__init__(f"{file}: {where}: {problem}")
        self.file, self.where, self.problem = file, where, problem


def load(path: Path) -> Definition:
    content = path.read_bytes()
    try:
        raw = json.loads(content)
    except ValueError as error:
        raise DefinitionError(path.name, "file", f"is not JSON ({error})") from error
    definition = parse(raw, file=path.name, sha256=hashlib.sha256(content).hexdigest())
    if definition.id != path.stem:
        raise DefinitionError(path.name, "id", f"is {definition.id!r} but the file is {path.name}")
    return definition


def parse(raw: Json, *, file: str = "definition", sha256: str = "") -> Definition:
    return _Reader(file).definition(raw, sha256)


_RANGE_SKIP = re.compile(r"^If (?P<when>[^:(]+?)\s*(?:\([^)]*\))?:.*?items? (?P<a>\d+)-(?P<b>\d+) score 0$")
_NOT_MORE = re.compile(r"^(?:each of )?(?P<left>[\w.]+) must be <= (?P<right>\w+)")
_STANDINGS = {
    "ship_verbatim": Standing.FREE,
    "ship_original": Standing.FREE,
    "ship_verbatim_conditional": Standing.CONDITIONAL,
    "ship_verbatim_conditional_noncommercial": Standing.CONDITIONAL,
    "ship_verbatim_after_wording_check": Standing.CONDITIONAL,
    "structure_and_scoring_only": Standing.STRUCTURE,
}
_HOLDS = {"text": str, "choice_from_client_substance_list": str, "meta": dict}
_PERCENT = re.compile(r"^total/(\d+)\*100$")
_ANY_ITEM = re.compile(r"^any (?P<prefix>\w+) item$")


class _Reader:
    """Reads one definition; every complaint knows where it stands in the file."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, where: str, problem: str) -> DefinitionError:
        return DefinitionError(self.file, where, problem)

    def text(self, raw: Mapping[str, Json], key: str, where: str = "", *, required: bool = True) -> str:
        value = raw.get(key)
        place = f"{where}.{key}" if where else key
        if value is None or value == "":
            if required:
                raise self.fail(place, "is missing")
            return ""
        if not isinstance(value, str):
            raise self.fail(place, f"should be text, and is {value!r}")
        return value

    def whole(self, raw: Mapping[str, Json], key: str, where: str) -> int:
        value = raw.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(f"{where}.{key}", f"should be a whole number, and is {value!r}")
        return value

    def mapping(self, raw: Mapping[str, Json], key: str) -> Mapping[str, Json]:
        value = raw.get(key)
        if not isinstance(value, dict):
            raise self.fail(key, "is missing" if value is None else "should be an object")
        return value

    def rows(self, raw: Mapping[str, Json], key: str, where: str = "") -> Sequence[Mapping[str, Json]]:
        place = f"{where}.{key}" if where else key
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.fail(place, "should be a list of objects")
        return value

    def one_of(self, kind: type[Kind], value: str, where: str) -> Kind:
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(member.value for member in kind)
            raise self.fail(where, f"is {value!r}; known are {known}") from None

    def definition(self, raw: Json, sha256: str) -> Definition:
        if not isinstance(raw, dict):
            raise self.fail("file", "should hold one object")
        scoring = self.mapping(raw, "scoring")
        method = self.one_of(Method, self.text(scoring, "method", "scoring"), "scoring.method")
        missing = self.mapping(scoring, "missing")
        items = self.items(raw, scoring)
        ids = [item.id for item in items]
        scores = self.scores(scoring, items)
        bands, levels = self.bands(raw, scores)
        licence = self.mapping(raw, "licence")
        change = raw.get("change") or {}
        sureness = dict(raw.get("verification") or {})
        return Definition(
            id=self.text(raw, "id"),
            title=self.text(raw, "title"),
            short_title=self.text(raw, "short_title"),
            version=self.text(raw, "version"),
            standing=self.standing(raw),
            source=self.text(raw, "source"),
            licence=Licence(
                verdict=self.text(licence, "verdict", "licence"),
                text=self.text(licence, "text", "licence").strip(),
                url=self.text(licence, "url", "licence", required=False),
                evidence=self.text(licence, "evidence", "licence", required=False),
            ),
            administration=self.text(raw, "administration"),
            recall_period=self.text(raw, "recall_period", required=False),
            instructions=self.text(raw, "instructions", required=False),
            stem=self.text(raw, "stem", required=False),
            items=items,
            method=method,
            scores=scores,
            missing_rule=self.one_of(
                MissingRule, self.text(missing, "rule", "scoring.missing"), "scoring.missing.rule"
            ),
            max_missing=missing.get("max_missing") or 0,
            missing_in_words=self.text(missing, "source", "scoring.missing", required=False),
            algorithm=tuple(scoring.get("algorithm") or ()),
            percent_of=self.percent_of(scoring),
            bands=bands,
            levels=levels,
            critical=self.critical(raw, items, scores, levels),
            skip_rules=self.skip_rules(scoring, ids),
            consistency=self.consistency(raw, ids),
            deciles=self.deciles(scoring, scores),
            positive_cut={
                key: value for key, value in (scoring.get("positive") or {}).items() if isinstance(value, int)
            },
            change=Change(
                smallest_that_matters=change.get("mcid"),
                reliable=change.get("reliable_change"),
                source=change.get("source") or "",
            ),
            interval=self.text(raw, "recommended_interval_in_IOP", required=False),
            notes=tuple(raw.get("notes") or ()),
            seen_in=tuple(sureness.pop("sources", ())),
            sureness=sureness,
            loinc_panel=self.text(raw, "loinc_panel", required=False),
            loinc_total=self.text(raw, "loinc_total", required=False),
            sha256=sha256,
        )

    def standing(self, raw: Mapping[str, Json]) -> Standing:
        verdict = self.text(raw, "verdict")
        if verdict not in _STANDINGS:
            raise self.fail("verdict", f"is {verdict!r}; known are {', '.join(_STANDINGS)}")
        return _STANDINGS[verdict]

    def percent_of(self, scoring: Mapping[str, Json]) -> int | None:
        if not (formula := self.text(scoring, "percent", "scoring", required=False)):
            return None
        if not (found := _PERCENT.match(formula)):
            raise self.fail("scoring.percent", f"cannot be read: {formula!r}")
        return int(found[1])

    # Items

    def items(self, raw: Mapping[str, Json], scoring: Mapping[str, Json]) -> tuple[Item, ...]:
        rows = self.rows(raw, "items")
        if not rows:
            raise self.fail("items", "is empty")
        ids = [self.text(row, "id", f"items[{index}]") for index, row in enumerate(rows)]
        if twice := {item_id for item_id in ids if ids.count(item_id) > 1}:
            raise self.fail("items", f"{', '.join(sorted(twice))} is there twice")
        return tuple(self.item(row, ids, scoring) for row in rows)

    def item(self, row: Mapping[str, Json], ids: Sequence[str], scoring: Mapping[str, Json]) -> Item:
        item_id = row["id"]
        where = f"items.{item_id}"
        kind = {"integer": ItemKind.INTEGER, "multi": ItemKind.MULTI, None: ItemKind.CHOICE}.get(
            row.get("type"), ItemKind.FREE
        )
        holds = str(row.get("type") or "")
        if kind is ItemKind.FREE and not holds.startswith("list<") and holds not in _HOLDS:
            raise self.fail(f"{where}.type", f"is {holds!r}, which is not known")
        answers = self.answers(row, where)
        if kind in (ItemKind.CHOICE, ItemKind.MULTI) and not answers:
            raise self.fail(f"{where}.answers", "is empty")
        minimum = self.whole(row, "min", where) if kind is ItemKind.INTEGER else 0
        maximum = self.whole(row, "max", where) if kind is ItemKind.INTEGER else 0
        if minimum > maximum:
            raise self.fail(f"{where}.min", f"{minimum} is above max {maximum}")
        asked_when = None
        if (when := row.get("enable_when")) is not None:
            asked_when = parse_condition(str(when), ids)
            if asked_when is None:
                raise self.fail(f"{where}.enable_when", f"cannot be read: {when!r}")
            if any(ids.index(named) >= ids.index(item_id) for named in asked_when.items):
                raise self.fail(f"{where}.enable_when", "names a question that comes later")
        return Item(
            id=item_id,
            text=self.text(row, "text", where, required=False),
            kind=kind,
            scored=bool(row.get("scored")),
            answers=answers,
            holds=_HOLDS.get(holds, list) if kind is ItemKind.FREE else object,
            minimum=minimum,
            maximum=maximum,
            asked_when=asked_when,
            skip_value=row.get("skip_value") or 0,
            points=self.points(row, scoring),
            positive_values=frozenset(row.get("positive_values") or ()),
            domain=row.get("domain") or "",
            cluster=row.get("cluster") or "",
            substance=row.get("substance") or "",
            help=row.get("help") or "",
            loinc=row.get("loinc") or "",
            concept=row.get("concept") or "",
            sureness=row.get("verified") or "",
        )

    def answers(self, row: Mapping[str, Json], where: str) -> tuple[Answer, ...]:
        answers = tuple(
            Answer(
                value=answer.get("value"),
                label=str(answer.get("label") or ""),
                loinc=answer.get("loinc") or "",
            )
            for answer in self.rows(row, "answers", where)
        )
        values = [answer.value for answer in answers]
        for value in values:
            if isinstance(value, bool) or not (value is None or isinstance(value, int | str)):
                raise self.fail(f"{where}.answers", f"{value!r} cannot be an answer's value")
        if len(set(values)) != len(values):
            raise self.fail(f"{where}.answers", "has the same value twice")
        return answers

    def points(self, row: Mapping[str, Json], scoring: Mapping[str, Json]) -> Mapping[int, int]:
        by_answer = {
            answer["value"]: answer["scale_value"]
            for answer in row.get("answers") or ()
            if "scale_value" in answer
        }
        transform = scoring.get("item_transform") or {}
        if row["id"] in transform.get("items", ()):
            by_answer |= {int(value): worth for value, worth in transform["map"].items()}
        return by_answer

    # Scores, bands, rules

    def scores(self, scoring: Mapping[str, Json], items: Sequence[Item]) -> tuple[Score, ...]:
        by_id = {item.id: item for item in items}
        found = []
        for row in self.rows(scoring, "scores", "scoring"):
            score_id = self.text(row, "id", "scoring.scores")
            where = f"scoring.scores.{score_id}"
            named = tuple(row.get("items") or ())
            if unknown := [item_id for item_id in named if item_id not in by_id]:
                raise self.fail(f"{where}.items", f"{unknown[0]} is not an item")
            if not named:
                raise self.fail(f"{where}.items", "is empty")
            minimum, maximum = self.whole(row, "min", where), self.whole(row, "max", where)
            low = sum(by_id[item_id].worth_bounds[0] for item_id in named)
            high = sum(by_id[item_id].worth_bounds[1] for item_id in named)
            if (low, high) != (minimum, maximum):
                raise self.fail(
                    where, f"says {minimum} to {maximum}, but its answers add up to {low} to {high}"
                )
            higher = row.get("higher")
            found.append(
                Score(
                    id=score_id,
                    items=named,
                    minimum=minimum,
                    maximum=maximum,
                    higher=self.one_of(Direction, higher, f"{where}.higher") if higher else None,
                )
            )
        return tuple(found)

    def bands(
        self, raw: Mapping[str, Json], scores: Sequence[Score]
    ) -> tuple[tuple[Band, ...], Mapping[str, str]]:
        bands: list[Band] = []
        levels: dict[str, str] = {}
        for index, row in enumerate(self.rows(raw, "bands")):
            where = f"bands[{index}]"
            label = self.text(row, "label", where)
            if "level" in row:
                levels[self.text(row, "level", where)] = label
                continue
            bands.append(
                Band(
                    score=self.text(row, "score", where),
                    minimum=self.whole(row, "min", where),
                    maximum=self.whole(row, "max", where),
                    label=label,
                    sex=row.get("sex") or "",
                    scheme=row.get("scheme") or "",
                )
            )
        self.check_bands(bands, scores)
        return tuple(bands), levels

    def check_bands(self, bands: Iterable[Band], scores: Sequence[Score]) -> None:
        """Every score falls in one band and one only."""
        by_id = {score.id: score for score in scores}
        groups: dict[tuple[str, str, str], list[Band]] = {}
        for band in bands:
            if band.score not in by_id and band.score != EACH_SUBSTANCE:
                raise self.fail("bands", f"{band.score} is not a score")
            groups.setdefault((band.score, band.sex, band.scheme), []).append(band)
        for (score_id, *_), group in groups.items():
            reach = [by_id[score_id]] if score_id in by_id else list(scores)
            group.sort(key=lambda band: band.minimum)
            for earlier, later in pairwise(group):
                if later.minimum != earlier.maximum + 1:
                    raise self.fail(
                        "bands",
                        f"{score_id}: {earlier.label!r} ends at {earlier.maximum} and "
                        f"{later.label!r} starts at {later.minimum}",
                    )
            low, high = min(score.minimum for score in reach), max(score.maximum for score in reach)
            if (group[0].minimum, group[-1].maximum) != (low, high):
                raise self.fail("bands", f"{score_id}: the bands do not cover {low} to {high}")

    def critical(
        self,
        raw: Mapping[str, Json],
        items: Sequence[Item],
        scores: Sequence[Score],
        levels: Mapping[str, str],
    ) -> tuple[CriticalRule, ...]:
        ids = {item.id for item in items} | {score.id for score in scores}
        rules = []
        for index, row in enumerate(self.rows(raw, "critical_items")):
            where = f"critical_items[{index}]"
            target, condition = self.text(row, "item", where), self.text(row, "condition", where)
            if whole_form := _ANY_ITEM.match(target):
                targets = tuple(
                    item.id
                    for item in items
                    if item.kind is not ItemKind.FREE and item.id.startswith(f"{whole_form['prefix']}_")
                )
            else:
                targets = tuple(part.strip() for part in target.split("|"))
            threshold = parse_threshold(condition)
            outcome = threshold is None and len(targets) == 1
            if outcome and levels and condition not in levels:
                raise self.fail(f"{where}.condition", f"{condition!r} is not a level")
            if threshold is None and not outcome:
                raise self.fail(f"{where}.condition", f"cannot be read: {condition!r}")
            if not outcome and (unknown := [name for name in targets if name not in ids]):
                raise self.fail(f"{where}.item", f"{unknown[0]} is neither an item nor a score")
            rules.append(
                CriticalRule(
                    targets=targets,
                    threshold=threshold,
                    level=condition if outcome else "",
                    action=self.text(row, "action", where),
                    raise_if_unanswered=bool(row.get("if_missing")),
                )
            )
        return tuple(rules)

    def skip_rules(self, scoring: Mapping[str, Json], ids: Sequence[str]) -> tuple[SkipRule, ...]:
        rules = []
        for index, text in enumerate(scoring.get("skip_rules") or ()):
            where = f"scoring.skip_rules[{index}]"
            found = _RANGE_SKIP.match(text)
            when = parse_condition(found["when"], ids) if found else None
            if not found or when is None:
                raise self.fail(where, f"cannot be read: {text!r}")
            prefix = when.items[0].rsplit("_", 1)[0]
            skipped = expand(f"{prefix}_{found['a']}..{prefix}_{found['b']}", ids)
            if not skipped:
                raise self.fail(where, f"names items that are not there: {text!r}")
            rules.append(SkipRule(when, skipped))
        return tuple(rules)

    def consistency(self, raw: Mapping[str, Json], ids: Sequence[str]) -> tuple[NotMoreThan, ...]:
        rules = []
        for index, text in enumerate(raw.get("validation_rules") or ()):
            if text.startswith("if "):  # said again in the items' own `enable_when`
                continue
            found = _NOT_MORE.match(text)
            named = expand(found["left"], ids) if found else ()
            if not found or not named or found["right"] not in ids:
                raise self.fail(f"validation_rules[{index}]", f"cannot be read: {text!r}")
            rules += [NotMoreThan(item, found["right"]) for item in named]
        return tuple(rules)

    def deciles(self, scoring: Mapping[str, Json], scores: Sequence[Score]) -> Deciles | None:
        if not (raw := scoring.get("deciles")):
            return None
        known = {score.id for score in scores}
        table = {}
        for score_id, rows in self.mapping(raw, "table").items():
            if score_id not in known:
                raise self.fail("scoring.deciles.table", f"{score_id} is not a score")
            table[score_id] = tuple((low, high, decile) for low, high, decile in rows)
        norm = self.text(raw, "norm", "scoring.deciles")
        return Deciles(table, norm, shown="show raw scores by default" not in norm)
