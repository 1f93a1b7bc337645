from django.urls import path

from stepwell.care.intake import views

app_name = "intake"

urlpatterns = [
    path("staff/referrals/", views.referrals, name="referrals"),
    path("staff/referrals/new/", views.new, name="new"),
    path("staff/referrals/<uuid:referral_id>/", views.referral, name="referral"),
    path("staff/referrals/<uuid:referral_id>/intake/", views.intake, name="intake"),
    path("staff/referrals/<uuid:referral_id>/attempt/", views.attempt, name="attempt"),
    path("staff/referrals/<uuid:referral_id>/closing/", views.closing, name="closing"),
    path("staff/people/<uuid:patient_id>/admission/", views.admission, name="admission"),
]
