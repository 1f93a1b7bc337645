from django.urls import path

from stepwell.care.measures.views import instruments, patient, schedules, series, staff

app_name = "measures"

urlpatterns = [
    path("me/questions/<uuid:response_id>/", patient.start, name="start"),
    path("me/questions/<uuid:response_id>/<int:number>/", patient.question, name="question"),
    path("me/questions/<uuid:response_id>/<int:number>/help/", patient.help_now, name="help"),
    path("me/questions/<uuid:response_id>/answers/", patient.review, name="review"),
    path("me/questions/<uuid:response_id>/done/", patient.done, name="done"),
    path("me/progress/", patient.progress, name="progress"),
    path("me/progress/<uuid:answered_id>/", patient.my_answers, name="my_answers"),
    path("me/check-in/", patient.check_in, name="check_in"),
    path("me/check-in/<int:page>/", patient.check_in, name="check_in_page"),
    path("me/check-in/done/", patient.checked_in, name="checked_in"),
    path("staff/people/<uuid:patient_id>/measures/", staff.measures, name="measures"),
    path("staff/people/<uuid:patient_id>/measures/<slug:instrument>/new/", staff.new, name="new"),
    path("staff/measures/", instruments.library_of_all, name="library"),
    path("staff/measures/about/<slug:instrument>/", instruments.about, name="about"),
    path("staff/setup/questionnaires/", instruments.all_in_use, name="in_use"),
    path("staff/setup/questionnaires/<slug:instrument>/", instruments.one_in_use, name="use"),
    path(
        "staff/setup/questionnaires/<slug:withheld>/wording/<slug:language>/",
        instruments.wording,
        name="wording",
    ),
    path("staff/people/<uuid:patient_id>/measures/<slug:timed>/series/", series.series, name="series"),
    path("staff/measures/series/<uuid:timed_id>/interval/", series.interval, name="interval"),
    path("staff/measures/series/<uuid:timed_id>/end/", series.end, name="end_series"),
    path("staff/people/<uuid:patient_id>/measures/schedule/", schedules.schedule, name="schedule"),
    path(
        "staff/people/<uuid:patient_id>/measures/sets/", schedules.put_on_the_phone, name="put_on_the_phone"
    ),
    path("staff/people/<uuid:patient_id>/measures/annotations/", schedules.annotations, name="annotations"),
    path("staff/setup/measures/", schedules.program, name="program"),
    path("staff/told/", schedules.told_at_once, name="told_at_once"),
    path("staff/measures/<uuid:response_id>/", staff.response, name="response"),
    path("staff/measures/<uuid:response_id>/answers/", staff.answers, name="answers"),
    path("staff/measures/<uuid:response_id>/follow-up/", staff.follow_up, name="follow_up"),
    path("staff/measures/<uuid:response_id>/tries/", staff.tries, name="tries"),
]
