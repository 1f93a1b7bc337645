from django.urls import path

from stepwell.doors.public import booking, views
from stepwell.doors.public.check import views as check
from stepwell.ground.web.language import in_both_languages

app_name = "public"

urlpatterns = in_both_languages(
    [
        path("", views.home, name="home"),
        path("levels/", views.levels, name="levels"),
        path("levels/<slug:care>/", views.level, name="level"),
        path("centers/", views.centers, name="centers"),
        path("centers/<slug:slug>/", views.center, name="center"),
        path("book/<slug:slug>/<uuid:slot>/", booking.book, name="book"),
        path("book/<slug:slug>/<uuid:slot>/details/", booking.details, name="book_details"),
        path("book/<slug:slug>/<uuid:slot>/check/", booking.check, name="book_check"),
        path("book/<slug:slug>/done/", booking.booked, name="booked"),
        path("v/<str:word>/", booking.visit, name="visit"),
        path("v/<str:word>/<uuid:slot>/", booking.visit_time, name="visit_time"),
        path("first-visit/", views.first_visit, name="first_visit"),
        path("medicine/", views.medicine, name="medicine"),
        path("families/", views.families, name="families"),
        path("cost/", views.cost, name="cost"),
        path("check/", check.intro, name="check"),
        path("check/<int:number>/", check.question, name="check_question"),
        path("check/answers/", check.answers, name="check_answers"),
        path("check/result/", check.result, name="check_result"),
        path("privacy/", views.privacy, name="privacy"),
        path("help/overdose/", views.overdose, name="overdose"),
        path("help/withdrawal/", views.withdrawal, name="withdrawal"),
    ]
)
