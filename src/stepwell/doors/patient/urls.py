from django.urls import path

from stepwell.doors.patient import views

app_name = "patient"

urlpatterns = [
    path("me/", views.home, name="home"),
    path("me/week/", views.week, name="week"),
    path("me/privacy/", views.privacy, name="privacy"),
    path("me/privacy/looks/", views.looks, name="looks"),
    path("me/rough/", views.rough, name="rough"),
]
