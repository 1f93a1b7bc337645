"""Makes `courses.csv.gz` from a folder holding the derived CTN-0094 weekly panel. Run once, by hand:

    python -m stepwell.demo.courses.extract FOLDER

Each run gives every person a new random number and a new order: two extracts cannot be matched by their ids.
Site, trial, sex, age, race and all other traits are left behind; only what the demo tells is kept.
"""

import csv
import gzip
import io
import secrets
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

FIELDS = [
    "person",
    "medicine",
    "week",
    "opioid",
    "cocaine",
    "amphetamine",
    "benzodiazepine",
    "cannabis",
    "visits",
    "dose_days",
    "dose",
    "days_used_opioid",
    "days_drank",
]
LAST_WEEK = 13

Week = dict[str, str]


def states(weeks: list[Week]) -> str:
    """The course in one word: + positive for a non-study opioid, - negative, o no sample; week 0 first."""
    return "".join("+" if week["uds_state"] == "*" else week["uds_state"] for week in weeks)


def stayed_in_contact(weeks: list[Week]) -> bool:
    course = states(weeks)[1:]
    return course.count("o") <= 4 and "ooo" not in course


def came_and_went(weeks: list[Week]) -> bool:
    course = states(weeks)[1:]
    return not stayed_in_contact(weeks) and 4 <= course.count("o") <= 8


def left_early(weeks: list[Week]) -> bool:
    course = states(weeks)[1:]
    return course.endswith("oooo") and course.count("o") <= 11


def injections(weeks: list[Week]) -> int:
    return sum(whole(week["dose_days"]) > 0 for week in weeks)


def whole(text: str, at_most: int | None = None) -> int:
    number = round(float(text)) if text else 0
    return number if at_most is None else min(number, at_most)


# How many of each kind of course the demo needs. People who stayed are over-represented on purpose:
# it shows a program with people in it, it is not a sample of the trials.
KINDS: list[tuple[str, int, Callable[[list[Week]], bool]]] = [
    ("bup", 34, lambda weeks: stayed_in_contact(weeks) and states(weeks)[1:].count("+") <= 2),
    ("bup", 20, lambda weeks: stayed_in_contact(weeks) and states(weeks)[1:].count("+") > 2),
    ("bup", 12, came_and_went),
    ("bup", 8, left_early),
    ("xrntx", 24, lambda weeks: stayed_in_contact(weeks) and injections(weeks) >= 2),
    ("xrntx", 10, lambda weeks: came_and_went(weeks) and injections(weeks) >= 1),
    ("xrntx", 6, left_early),
]


def read(panel: Path) -> list[list[Week]]:
    people: dict[str, list[Week]] = defaultdict(list)
    with gzip.open(panel, "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["med"] in {"bup", "xrntx"} and int(row["week"]) <= LAST_WEEK:
                people[row["who"]].append(row)
    return [sorted(weeks, key=lambda week: int(week["week"])) for weeks in people.values()]


def chosen(people: Iterable[list[Week]]) -> list[list[Week]]:
    chance = secrets.SystemRandom()
    waiting = [weeks for weeks in people if len(weeks) == LAST_WEEK + 1]
    chance.shuffle(waiting)
    kept = []
    for medicine, wanted, is_of_kind in KINDS:
        found = [weeks for weeks in waiting if weeks[0]["med"] == medicine and is_of_kind(weeks)][:wanted]
        if len(found) < wanted:
            raise SystemExit(f"only {len(found)} of {wanted} {medicine} courses of one kind")
        kept += found
        waiting = [weeks for weeks in waiting if not any(weeks is other for other in found)]
    chance.shuffle(kept)
    return kept


def told(number: int, week: Week) -> dict[str, str | int]:
    was_tested = week["uds_state"] != "o"
    return {
        "person": number,
        "medicine": "buprenorphine" if week["med"] == "bup" else "naltrexone",
        "week": week["week"],
        "opioid": states([week]),
        "cocaine": whole(week["uds_cocaine"], 1) if was_tested else "",
        "amphetamine": whole(week["uds_amph"], 1) if was_tested else "",
        "benzodiazepine": whole(week["uds_benzo"], 1) if was_tested else "",
        "cannabis": whole(week["uds_thc"], 1) if was_tested else "",
        "visits": whole(week["visits"]),
        "dose_days": whole(week["dose_days"], 7),
        # To the nearest even milligram; naltrexone's "1" says no more than that there was an injection.
        "dose": 2 * round(float(week["dose_mean"]) / 2) if week["med"] == "bup" and week["dose_mean"] else "",
        "days_used_opioid": whole(week["tlfb_opioid"], 7),
        "days_drank": whole(week["tlfb_alcohol"], 7),
    }


def main(folder: str) -> None:
    people = chosen(read(Path(folder) / "panel.csv.gz"))
    numbers = secrets.SystemRandom().sample(range(1000, 10000), len(people))
    text = io.StringIO()
    out = csv.DictWriter(text, FIELDS, lineterminator="\n")
    out.writeheader()
    for number, weeks in sorted(zip(numbers, people, strict=True), key=lambda pair: pair[0]):
        out.writerows(told(number, week) for week in weeks)
    target = Path(__file__).with_name("courses.csv.gz")
    # No name and no time in the header: the file says nothing of where and when it was made.
    target.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    print(f"{len(people)} people, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
