from django.urls import path

from stepwell.doors.public import views
from stepwell.ground.web.language import in_both_languages

app_name = "public"

urlpatterns = in_both_languages(
    [
        path("", views.home, name="home"),
        path("levels/", views.levels, name="levels"),
        path("centers/", views.centers, name="centers"),
        path("centers/<slug:slug>/", views.center, name="center"),
        path("first-visit/", views.first_visit, name="first_visit"),
        path("privacy/", views.privacy, name="privacy"),
        path("help/overdose/", views.overdose, name="overdose"),
        path("help/withdrawal/", views.withdrawal, name="withdrawal"),
    ]
)
