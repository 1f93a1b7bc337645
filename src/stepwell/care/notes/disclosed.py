"""What of progress notes may be told outside: signed ones, and of each what is about this person."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from stepwell.care.notes.models import Addendum, Note
from stepwell.trust.consent.segments import Content, Looking


def notes(looking: Looking) -> Content:
    """Signed notes with their addenda, newest first.

    What a group did together stays out, and so does its name: it is about everybody in the room (HOUSE, rule 8).
    """
    found = Note.objects.visible_to(looking.by).in_force().filter(patient=looking.patient)
    found = found.signed().filter(encounter__starts_at__gte=looking.from_moment)
    addenda = Prefetch("addenda", Addendum.objects.in_force())
    rows = tuple(
        (
            looking.on(note.encounter.starts_at),
            str(note.encounter.get_kind_display()),
            _words(note),
            note.signature,
        )
        for note in found.select_related("encounter")
        .prefetch_related(addenda)
        .order_by("-encounter__starts_at")
    )
    return Content((_("Day"), _("Kind of visit"), _("Note"), _("Signed by")), rows)


def _words(note: Note) -> str:
    parts = [note.line, note.response]
    if note.plan:
        parts.append(_("What comes next: %(plan)s") % {"plan": note.plan})
    parts += [_("Added: %(words)s") % {"words": each.words} for each in note.addenda.all()]
    return "\n".join(part for part in parts if part)
