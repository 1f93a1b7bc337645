from django.urls import path

from stepwell.trust.people import views
from stepwell.trust.people.views import documents, emergencies, merging, particulars, sign_in, team

app_name = "people"

urlpatterns = [
    path("staff/records/<str:kind>/<uuid:record_id>/correction/", views.correction, name="correction"),
    path("staff/people/<uuid:patient_id>/particulars/", particulars.particulars, name="particulars"),
    path(
        "staff/people/<uuid:patient_id>/related/new/", particulars.related_person, name="new_related_person"
    ),
    path(
        "staff/people/<uuid:patient_id>/related/<uuid:person_id>/",
        particulars.related_person,
        name="related_person",
    ),
    path(
        "staff/people/<uuid:patient_id>/related/<uuid:person_id>/ending/",
        particulars.related_person_ending,
        name="related_person_ending",
    ),
    path("staff/people/<uuid:patient_id>/team/", team.team, name="team"),
    path("staff/people/<uuid:patient_id>/team/<uuid:member_id>/ending/", team.leaving, name="leaving"),
    path("staff/people/<uuid:patient_id>/duplicates/", merging.duplicates, name="duplicates"),
    path("staff/people/<uuid:patient_id>/merging/<uuid:other_id>/", merging.merging, name="merging"),
    path("staff/merges/<uuid:merge_id>/", merging.merge, name="merge"),
    path("staff/people/<uuid:patient_id>/emergency/", emergencies.emergency, name="emergency"),
    path(
        "staff/people/<uuid:patient_id>/emergency/ending/",
        emergencies.emergency_ending,
        name="emergency_ending",
    ),
    path("staff/people/<uuid:patient_id>/documents/", documents.documents, name="documents"),
    path("staff/documents/<uuid:document_id>/", documents.document, name="document"),
    path(
        "staff/documents/<uuid:document_id>/correction/",
        documents.document_correction,
        name="document_correction",
    ),
    path("staff/emergency/", emergencies.looks, name="emergency_looks"),
    path("staff/emergency/<uuid:access_id>/", emergencies.look, name="emergency_look"),
    path("staff/people/<uuid:patient_id>/sign-in/", sign_in.sign_in, name="sign_in"),
    path("staff/people/<uuid:patient_id>/sign-in/link/", sign_in.link, name="sign_in_link"),
    path("staff/people/<uuid:patient_id>/sign-in/withdrawal/", sign_in.withdrawal, name="sign_in_withdrawal"),
    path("staff/people/<uuid:patient_id>/sign-in/ending/", sign_in.ending, name="sign_in_ending"),
    path("welcome/<str:key>/", sign_in.offered, name="offered"),
]
