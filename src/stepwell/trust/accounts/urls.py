from django.urls import path

from stepwell.trust.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("welcome/<str:key>/<str:token>/", views.welcome, name="welcome"),
    path("home/", views.home, name="home"),
]
