from django.urls import URLPattern

app_name = "level_of_care"

urlpatterns: list[URLPattern] = []
