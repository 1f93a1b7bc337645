"""Any single change to what was sealed is found, and the event it was made to is named."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.trust.audit.rules.chain import (
    Damage,
    Difference,
    Entry,
    Row,
    batch_hash,
    differences,
    entry_of,
    is_whole,
    packed,
    unpacked,
    written_down,
)

NAMES = ("number", "id", "by_name", "because")

words = st.one_of(st.none(), st.binary(max_size=8))


def row(number: int, *values: bytes | None, key: UUID | None = None) -> Row:
    key = key or uuid4()
    return Row(number, [str(number).encode(), str(key).encode(), *values])


@st.composite
def logs(draw: st.DrawFn) -> list[Row]:
    numbers = draw(st.lists(st.integers(1, 500), min_size=1, max_size=8, unique=True))
    return [row(number, draw(words), draw(words)) for number in sorted(numbers)]


def entries_of(rows: list[Row]) -> list[Entry]:
    return [entry_of(each) for each in rows]


@given(logs())
def test_what_was_not_touched_differs_in_nothing(rows):
    assert differences(entries_of(rows), rows, NAMES) == []
    assert is_whole(packed(entries_of(rows), len(NAMES)), rows, len(NAMES))


@given(logs(), st.data())
def test_a_changed_column_of_any_row_is_found_and_named(rows, data):
    sealed = entries_of(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(2, 3))
    values = list(rows[place].values)
    values[column] = data.draw(words.filter(lambda value: value != values[column]))
    rows[place] = Row(rows[place].number, values)
    assert not is_whole(packed(sealed, len(NAMES)), rows, len(NAMES))
    [found] = differences(sealed, rows, NAMES)
    assert (found.damage, found.position, found.number, found.id) == (
        Damage.ALTERED,
        place + 1,
        rows[place].number,
        rows[place].id,
    )
    # Two bytes tell which column; one time in 65,536 they do not, and then it says that it cannot tell.
    assert found.columns in ((NAMES[column],), ())


@given(logs(), st.data())
def test_a_removed_row_is_found(rows, data):
    sealed = entries_of(rows)
    gone = rows.pop(data.draw(st.integers(0, len(rows) - 1)))
    assert not is_whole(packed(sealed, len(NAMES)), rows, len(NAMES))
    [found] = differences(sealed, rows, NAMES)
    assert (found.damage, found.number, found.id) == (Damage.REMOVED, gone.number, gone.id)


@given(logs(), st.integers(501, 600))
def test_a_row_put_in_is_found(rows, number):
    sealed = entries_of(rows)
    stranger = row(number, b"x", None)
    assert differences(sealed, [*rows, stranger], NAMES) == [
        Difference(Damage.INSERTED, None, number, stranger.id)
    ]


@given(logs().filter(lambda rows: len(rows) > 1), st.data())
def test_two_rows_that_changed_places_are_found(rows, data):
    sealed = entries_of(rows)
    a, b = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    one, other = rows[a], rows[b]
    rows[a] = row(one.number, *other.values[2:], key=other.id)
    rows[b] = row(other.number, *one.values[2:], key=one.id)
    found = differences(sealed, rows, NAMES)
    assert {(each.damage, each.id, each.number, each.now_at) for each in found} == {
        (Damage.MOVED, one.id, one.number, other.number),
        (Damage.MOVED, other.id, other.number, one.number),
    }


def test_a_row_given_another_number_is_found_where_it_was():
    rows = [row(1, b"a", None), row(5, b"b", None)]
    sealed = entries_of(rows)
    moved = row(3, b"b", None, key=rows[1].id)
    assert differences(sealed, [rows[0], moved], NAMES) == [
        Difference(Damage.MOVED, 2, 5, rows[1].id, now_at=3)
    ]


@given(st.lists(words, min_size=1, max_size=6), st.lists(words, min_size=1, max_size=6))
def test_no_two_rows_are_written_down_alike(one, other):
    assert (written_down(one) == written_down(other)) == (one == other)


def test_nothing_and_empty_are_two_things():
    assert written_down([None]) != written_down([b""])


@given(logs())
def test_a_batch_reads_back_as_it_was_written(rows):
    sealed = entries_of(rows)
    assert list(unpacked(packed(sealed, len(NAMES)), len(NAMES))) == sealed


def test_a_batch_that_was_cut_is_read_as_far_as_it_goes():
    sealed = entries_of([row(1, b"a", None), row(2, b"b", None)])
    assert list(unpacked(packed(sealed, len(NAMES))[:-1], len(NAMES))) == sealed[:1]


BATCH: dict[str, Any] = {
    "chain": "alder-creek",
    "position": 2,
    "upto": 9,
    "count": 4,
    "sealed_at": "2026-11-23T14:00:00+00:00",
    "previous": bytes(32),
    "manifest": b"entries",
    "form": 1,
}


@pytest.mark.parametrize(
    ("what", "becomes"),
    [
        ("chain", "another"),
        ("position", 3),
        ("upto", 10),
        ("count", 5),
        ("sealed_at", "2026-11-23T14:00:01+00:00"),
        ("previous", bytes(31) + b"1"),
        ("manifest", b"entrieS"),
        ("form", 2),
    ],
)
def test_the_hash_of_a_batch_is_over_all_that_it_holds(what, becomes):
    assert batch_hash(**BATCH) != batch_hash(**BATCH | {what: becomes})
