from django.urls import path

from stepwell.care.scheduling import views

app_name = "scheduling"

urlpatterns = [
    path("staff/groups/", views.groups, name="groups"),
    path("staff/groups/series/new/", views.new_series, name="new_series"),
    path("staff/groups/series/<uuid:series_id>/", views.series, name="series"),
    path(
        "staff/groups/<uuid:session_id>/cancellation/",
        views.session_cancellation,
        name="session_cancellation",
    ),
    path("staff/places/<uuid:enrollment_id>/ending/", views.place_ending, name="place_ending"),
    path("staff/people/<uuid:patient_id>/week/", views.week, name="week"),
    path("staff/people/<uuid:patient_id>/week/places/", views.places, name="places"),
    path("staff/people/<uuid:patient_id>/week/session/", views.session, name="session"),
    path("staff/appointments/<uuid:appointment_id>/cancellation/", views.cancellation, name="cancellation"),
]
