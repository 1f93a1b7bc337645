"""The real courses of treatment, as they are kept here."""

import gzip
from pathlib import Path

from stepwell.demo import courses
from stepwell.demo.courses import Medicine, Sample, Substance

FOLDER = Path(courses.__file__).parent


def test_there_are_enough_courses_and_the_file_is_small():
    assert 80 <= len(courses.read()) <= 120
    assert (FOLDER / "courses.csv.gz").stat().st_size < 150_000


def test_only_the_columns_the_demo_needs_are_kept():
    header = gzip.decompress((FOLDER / "courses.csv.gz").read_bytes()).decode().splitlines()[0]
    assert header.split(",") == [
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


def test_every_course_has_weeks_0_to_13_once_each():
    for course in courses.read():
        assert [week.number for week in course.weeks] == list(range(14))


def test_a_week_without_a_sample_has_no_results():
    for course in courses.read():
        for week in course.weeks:
            assert (Substance.OPIOID in week.positive_for) == (week.sample is Sample.POSITIVE)
            if week.sample is Sample.MISSED:
                assert not week.positive_for


def test_both_medicines_are_there_and_doses_are_plausible():
    assert {course.medicine for course in courses.read()} == set(Medicine)
    for course in courses.read():
        for week in course.weeks:
            assert 0 <= week.dose_days <= 7
            assert week.dose_mg is None or (
                course.medicine is Medicine.BUPRENORPHINE and 2 <= week.dose_mg <= 32
            )


def test_the_licence_the_source_and_the_warning_are_beside_the_data():
    readme = (FOLDER / "README.md").read_text()
    assert "MIT License" in (FOLDER / "LICENSE").read_text()
    assert "public.ctn0094data authors" in readme
    assert "de-identified" in readme
    assert "in-sample" in readme
    assert "in-sample" in courses.IN_SAMPLE
