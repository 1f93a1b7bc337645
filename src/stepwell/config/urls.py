"""Every address, by door and by room. A room writes its own addresses whole."""

from django.urls import include, path

ROOMS = [
    "stepwell.doors.public",
    "stepwell.doors.patient",
    "stepwell.doors.staff",
    "stepwell.care.progress",
    "stepwell.care.intake",
    "stepwell.care.admission",
    "stepwell.care.notes",
    "stepwell.care.medication",
    "stepwell.care.encounters",
    "stepwell.care.scheduling",
    "stepwell.care.care_plans",
    "stepwell.care.level_of_care",
    "stepwell.care.measures",
    "stepwell.care.record",
    "stepwell.care.tasks",
    "stepwell.trust.outbox",
    "stepwell.trust.printouts",
    "stepwell.trust.consent",
    "stepwell.trust.people",
    "stepwell.trust.setup",
    "stepwell.trust.accounts",
    "stepwell.ground.web",
]

urlpatterns = [path("", include(f"{room}.urls")) for room in ROOMS]

handler400 = "stepwell.ground.web.errors.bad_request"
handler403 = "stepwell.ground.web.errors.forbidden"
handler404 = "stepwell.ground.web.errors.not_found"
handler500 = "stepwell.ground.web.errors.broken"
