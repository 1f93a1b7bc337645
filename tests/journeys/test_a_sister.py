"""A sister is given attendance only, and is stopped.

Dana prepares it. Maya reads it on her phone, in Spanish, and signs. Dana tells the sister whether Maya comes; asking
for more is refused by name. Then Maya stops it, and the next try is refused. The log tells all of it.
"""

import re
from collections.abc import Callable

from tests.journeys.people import PHONE, Person

DANA, MAYA = "dana.whitfield@aldercreek.example", "maya.reyes@aldercreek.example"
SISTER = "Elena Reyes O'Brien-Núñez"
MAYBE_NOTES = f"No consent in force lets {SISTER} know progress notes for supporting the patient."


def given_dana_prepares_it(dana: Person) -> str:
    dana.goes_to("/staff/caseload/").follows("Maya R.")
    dana.follows("Consents", within=dana.page.get_by_role("navigation", name="Chart"))
    address = dana.page.url
    dana.sees("In force").finds_no_barrier()
    dana.follows("Prepare a consent").follows(re.compile("^Family, a friend"))
    dana.types(re.compile("^Their name"), "")
    dana.presses("Give it to Maya to read").sees("There is a problem").sees("Name who may be told.")
    dana.types(re.compile("^Their name"), SISTER).ticks("Private counseling notes")
    dana.presses("Give it to Maya to read").sees("Counseling notes need a consent of their own.")
    dana.page.get_by_label("Private counseling notes").uncheck(force=True)
    dana.presses("Show the text").sees("You may stop at any time").finds_no_barrier()
    dana.presses("Give it to Maya to read").sees("Maya can read it now.").sees("To be read and signed")
    return address


def when_maya_reads_and_signs(maya: Person) -> None:
    maya.goes_to("/me/").presses("Español").goes_to("/me/privacy/")
    maya.sees("Espera su respuesta").finds_no_barrier().scrolls_only_down()
    maya.page.get_by_role("listitem").filter(has_text="Elena").get_by_role("link", name="Leerlo").click()
    maya.sees("Si usted vino").sees("Puede decir que no.").finds_no_barrier().scrolls_only_down()
    maya.types("Escriba su nombre para firmar", "Maya Reyes").presses("Firmar mi permiso")
    maya.sees("Usted firmó.").sees("Firmado por Maya Reyes")


def and_dana_tells_the_sister(dana: Person, consents: str) -> None:
    dana.goes_to(consents).follows("Share something")
    when_dana_asks_for(dana, "Attendance", "Visit notes")
    dana.sees("May go").sees(MAYBE_NOTES).sees(
        "protected by Federal confidentiality rules"
    ).finds_no_barrier()
    dana.does_not_see("Signed by")
    dana.presses("Share on paper").sees("It is in the log.").sees("Group").finds_no_barrier()
    dana.sees("Until ")


def when_dana_asks_for(dana: Person, *parts: str) -> None:
    dana.page.get_by_role("radio", name=re.compile(SISTER.split()[0])).check(force=True)
    dana.page.get_by_label("What for").select_option(label="Supporting the patient")
    for part in parts:
        dana.ticks(part)
    dana.presses("See what may go")


def then_asking_for_the_notes_alone_is_refused(dana: Person, consents: str) -> None:
    dana.goes_to(consents).follows("Share something")
    when_dana_asks_for(dana, "Visit notes")
    dana.sees("Nothing may go").sees(MAYBE_NOTES)


def and_maya_sees_what_was_told_and_stops_it(maya: Person) -> None:
    """Three taps: my privacy, stop, stop."""
    maya.goes_to("/me/").follows(re.compile("Quién puede ver"))
    maya.sees("Qué se dijo y a quién")
    row = maya.page.get_by_role("listitem").filter(has_text="Elena")
    row.get_by_role("link", name=re.compile("^Parar")).click()
    maya.sees("¿Parar de compartir?").finds_no_barrier()
    maya.presses("Parar de compartir").sees("Desde ahora no compartimos nada")


def then_the_next_try_is_refused(dana: Person, consents: str) -> None:
    """The page was open before Maya stopped it; and from the start, the sister is not named any more."""
    dana.presses("See what may go").sees("Nothing may go")
    dana.goes_to(consents).sees("Ended by the patient").follows("Share something")
    dana.page.get_by_role("radio", name=re.compile("^Somebody else")).check(force=True)
    dana.types("Name of somebody else", SISTER).chooses("Who they are", re.compile("^Family"))
    dana.page.get_by_label("What for").select_option(label="Supporting the patient")
    dana.ticks("Attendance").presses("See what may go")
    dana.sees("Nothing may go").sees("The patient ended theirs on")


def and_the_log_tells_all(dana: Person, consents: str) -> None:
    dana.goes_to(consents).follows("What was shared").sees(SISTER).sees("Attendance")
    notes = "progress notes, since 2026-10-24, for supporting the patient, to: person"
    attendance = "attendance, since 2026-10-24, for supporting the patient, to: person"
    acts = ("signed", "disclosed", "revoked", "was refused")
    assert [event for event in what_happened() if event[0] in acts] == [
        ("signed", "on a screen"),
        ("was refused", f"disclosure of attendance, {notes}"),
        ("disclosed", attendance),
        ("was refused", f"disclosure of {notes}"),
        ("revoked", "ended by the patient"),
        ("was refused", f"disclosure of {notes}"),
        ("was refused", f"disclosure of {attendance}"),
    ]


def what_happened() -> list[tuple[str, str]]:
    """What the event log says was done about Maya today, first to last."""
    from stepwell.config.testing.fixtures import NOW
    from stepwell.trust.accounts.models import Membership
    from stepwell.trust.audit.models import AuditEvent
    from stepwell.trust.organizations.acting import acting_in
    from stepwell.trust.people.models import Patient

    with acting_in(Membership.objects.all()[0].organization_id):
        maya = Patient.objects.get(user__email=MAYA)
        today = AuditEvent.objects.filter(patient_id=maya.pk, at__gte=NOW).order_by("number")
        return list(today.values_list("did", "because"))


def test_a_sister(someone: Callable[..., Person]) -> None:
    dana, maya = someone(DANA), someone(MAYA, width=PHONE)
    consents = given_dana_prepares_it(dana)
    when_maya_reads_and_signs(maya)
    and_dana_tells_the_sister(dana, consents)
    then_asking_for_the_notes_alone_is_refused(dana, consents)
    and_maya_sees_what_was_told_and_stops_it(maya)
    then_the_next_try_is_refused(dana, consents)
    and_the_log_tells_all(dana, consents)
