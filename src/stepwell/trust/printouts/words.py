"""How a paper's purpose, its period and what went wrong are said."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepwell.trust.audit import Purpose
from stepwell.trust.printouts.rules import Failure, For, Period

FOR: dict[For, Promise] = {
    For.TREATMENT: _("Treatment here"),
    For.REVIEW: _("Supervision or review here"),
    For.PATIENT: _("The patient, who asked for it"),
}
PERIODS: dict[Period, Promise] = {
    Period.MONTH: _("30 days"),
    Period.QUARTER: _("90 days"),
    Period.ALL: _("All of it"),
    Period.SINCE: _("Since a day"),
}
#: What the trail says it was for.
PURPOSES: dict[For, Purpose] = {
    For.TREATMENT: Purpose.TREATMENT,
    For.REVIEW: Purpose.OPERATIONS,
    For.PATIENT: Purpose.OWN,
}
FAILURES: dict[Failure, Promise] = {
    Failure.NO_LIBRARIES: _(
        "This machine cannot make PDFs yet. Your administrator can mend it: ./stepwell doctor says how. "
        "Until then, print it from the page."
    ),
    Failure.TOO_LONG: _(
        "This would be too long for one paper. Choose a shorter time, or fewer parts, and ask again."
    ),
    Failure.NOT_ALLOWED: _("You may not see all of these parts any more. Nothing was made."),
    Failure.BROKE: _("Something went wrong while it was made. Ask again, or print it from the page."),
    Failure.NEVER_MADE: _("Nothing came of it for an hour. Ask again, or print it from the page."),
}
