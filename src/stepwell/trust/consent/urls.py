from django.urls import path

from stepwell.trust.consent import mine, views

app_name = "consent"

CONSENTS = "staff/people/<uuid:patient_id>/consents/"
ONE = f"{CONSENTS}<uuid:consent_id>/"
DISCLOSURES = "staff/people/<uuid:patient_id>/disclosures/"
MINE = "me/privacy/consents/"
MY_ONE = f"{MINE}<uuid:consent_id>/"

urlpatterns = [
    path(CONSENTS, views.consents, name="consents"),
    path(f"{CONSENTS}new/", views.new, name="new"),
    path(ONE, views.consent, name="consent"),
    path(f"{ONE}signature/", views.signature, name="signature"),
    path(f"{ONE}withdrawal/", views.withdrawal, name="withdrawal"),
    path(f"{ONE}revocation/", views.revocation, name="revocation"),
    path(f"{ONE}event/", views.event, name="event"),
    path(f"{ONE}scan/", views.scan, name="scan"),
    path(DISCLOSURES, views.disclosures, name="disclosures"),
    path(f"{DISCLOSURES}new/", views.new_disclosure, name="new_disclosure"),
    path(f"{MINE}new/", mine.my_new, name="my_new"),
    path(MY_ONE, mine.my_consent, name="my_consent"),
    path(f"{MY_ONE}signature/", mine.my_signature, name="my_signature"),
    path(f"{MY_ONE}refusal/", mine.my_refusal, name="my_refusal"),
    path(f"{MY_ONE}revocation/", mine.my_revocation, name="my_revocation"),
    path("me/privacy/told/", mine.my_disclosures, name="my_disclosures"),
]
