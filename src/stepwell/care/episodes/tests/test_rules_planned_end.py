"""When care is thought to end: which day may be planned, and when a reason is asked."""

from datetime import date, timedelta

from stepwell.care.episodes.rules.planned_end import Objection, objection_to_plan

ADMITTED, TODAY, DEC_26 = date(2026, 10, 3), date(2026, 11, 24), date(2026, 12, 26)
DAY = timedelta(days=1)


def objection(on: date | None, planned: date | None = None, because: str = "") -> Objection | None:
    found = objection_to_plan(on, admitted_on=ADMITTED, planned=planned, because=because, today=TODAY)
    return found[0] if found else None


def test_the_first_day_needs_no_reason_and_another_one_does() -> None:
    assert objection(DEC_26) is None
    assert objection(DEC_26 + DAY, DEC_26) is Objection.NO_REASON
    assert objection(DEC_26 + DAY, DEC_26, "  ") is Objection.NO_REASON
    assert objection(DEC_26 + DAY, DEC_26, "Two more weeks were agreed.") is None


def test_it_may_be_left_open_again_with_a_reason() -> None:
    assert objection(None, DEC_26, "It goes well, and nobody knows yet.") is None
    assert objection(None, DEC_26) is Objection.NO_REASON
    assert objection(None) is Objection.SAME_DAY


def test_today_may_be_planned_and_no_day_gone_by_or_out_of_reach() -> None:
    assert objection(TODAY) is None
    assert objection(TODAY - DAY) is Objection.GONE_BY
    assert objection(ADMITTED) is Objection.NOT_AFTER_ADMISSION
    assert objection(TODAY + 731 * DAY) is None
    assert objection(TODAY + 732 * DAY) is Objection.TOO_FAR
    assert objection(date.max) is Objection.TOO_FAR
    assert objection(DEC_26, DEC_26, "Again.") is Objection.SAME_DAY
