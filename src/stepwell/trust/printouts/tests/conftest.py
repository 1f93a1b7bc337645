from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from stepwell.trust.accounts.models import User
    from stepwell.trust.people.models import Patient
    from stepwell.trust.people.testing import Clinic


@pytest.fixture
def dana(clinic: "Clinic") -> "User":
    from stepwell.trust.accounts.roles import Role

    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic: "Clinic", dana: "User") -> "Patient":
    from datetime import date

    return clinic.patient("Maya O'Brien-Núñez", team=(dana,), born_on=date(1992, 3, 8))


@pytest.fixture
def desk(clinic: "Clinic", dana: "User") -> "Client":
    return clinic.client(dana)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part of the record holds one word that is found nowhere else; even the private notes."""
    from stepwell.trust.access import Permission
    from stepwell.trust.consent import segments
    from stepwell.trust.consent.rules.vocabulary import Segment
    from stepwell.trust.consent.segments import Content, Supply

    def holding(segment: Segment) -> Supply:
        return Supply(
            Permission.SEE_MEDICATION if segment is Segment.MEDICATION else Permission.SEE_CHART,
            lambda looking: Content(("What",), ((f"mark-{segment.value}, since {looking.since}",),)),
        )

    monkeypatch.setattr(segments, "_supplies", {segment: holding(segment) for segment in Segment})
