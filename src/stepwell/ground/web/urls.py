from django.urls import path

from stepwell.ground.web import views

app_name = "web"

urlpatterns = [
    path("language/", views.language, name="language"),
    path("styleguide/", views.style_guide, name="style_guide"),
]
