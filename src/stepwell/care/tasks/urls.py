from django.urls import path

from stepwell.care.tasks import views

app_name = "tasks"

urlpatterns = [
    path("staff/tasks/", views.tasks, name="tasks"),
    path("staff/tasks/changes/", views.changes, name="changes"),
    path("staff/tasks/new/", views.new, name="new"),
    path("staff/tasks/handover/", views.handover, name="handover"),
    path("staff/tasks/<uuid:task_id>/", views.task, name="task"),
    path("staff/tasks/<uuid:task_id>/completion/", views.completion, name="completion"),
    path("staff/tasks/<uuid:task_id>/attempt/", views.attempt, name="attempt"),
    path("staff/tasks/<uuid:task_id>/cancellation/", views.cancellation, name="cancellation"),
    path("staff/tasks/<uuid:task_id>/handing-over/", views.handing_over, name="handing_over"),
    path("staff/tasks/<uuid:task_id>/holder/", views.holder, name="holder"),
    path("staff/tasks/<uuid:task_id>/reopening/", views.reopening, name="reopening"),
    path("staff/people/<uuid:patient_id>/tasks/", views.of_person, name="of_person"),
    path("staff/people/<uuid:patient_id>/tasks/new/", views.ask, name="ask"),
    path("staff/people/<uuid:patient_id>/tasks/barrier/", views.barrier, name="barrier"),
]
