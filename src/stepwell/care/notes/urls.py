from django.urls import path

from stepwell.care.notes.views import group, notes, visits

app_name = "notes"

urlpatterns = [
    path("staff/groups/<uuid:session_id>/", group.session, name="session"),
    path("staff/groups/<uuid:session_id>/here/", group.here, name="here"),
    path("staff/groups/<uuid:session_id>/here/undoing/", group.here_undoing, name="here_undoing"),
    path("staff/groups/<uuid:session_id>/signature/", group.signature, name="group_signature"),
    path("staff/groups/<uuid:session_id>/changes/", group.changes, name="changes"),
    path("staff/groups/<uuid:session_id>/shared-note/", group.shared_note, name="shared_note"),
    path("staff/groups/<uuid:session_id>/rows/<uuid:appointment_id>/", group.row, name="row"),
    path("staff/groups/<uuid:session_id>/rows/<uuid:appointment_id>/note/", group.preview, name="preview"),
    path("staff/appointments/<uuid:appointment_id>/encounter/", visits.encounter, name="encounter"),
    path("staff/appointments/<uuid:appointment_id>/signature/", visits.signature, name="visit_signature"),
    path("staff/notes/", notes.to_sign, name="to_sign"),
    path("staff/notes/<uuid:note_id>/", notes.note, name="note"),
    path("staff/people/<uuid:patient_id>/notes/", notes.of_patient, name="notes"),
]
