"""What is decided on the way in."""

from stepwell.care.intake.rules import next_record_number


def test_record_numbers_go_on_from_the_greatest():
    assert next_record_number([]) == "10001"
    assert next_record_number(["20418", "9", "A-77"]) == "20419"
