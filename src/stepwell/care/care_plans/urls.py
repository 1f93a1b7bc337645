from django.urls import path

from stepwell.care.care_plans import views

app_name = "care_plans"

STAFF = "staff/people/<uuid:patient_id>/plan"

urlpatterns = [
    path(f"{STAFF}/", views.plan, name="plan"),
    path(f"{STAFF}/versions/", views.versions, name="versions"),
    path(f"{STAFF}/versions/<uuid:plan_id>/", views.version, name="version"),
    path(f"{STAFF}/draft/", views.draft, name="draft"),
    path(f"{STAFF}/signature/", views.signature, name="signature"),
    path(f"{STAFF}/return/", views.return_to_draft, name="return"),
    path(f"{STAFF}/goals/<uuid:goal_id>/steps/", views.steps, name="steps"),
    path("me/plan/", views.my_plan, name="my_plan"),
    path("me/plan/signature/", views.my_signature, name="my_signature"),
    path("me/plan/wishes/", views.my_wishes, name="my_wishes"),
    path("me/plan/steps/<uuid:step_id>/", views.my_step, name="my_step"),
]
