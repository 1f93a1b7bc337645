from django.urls import path

from stepwell.trust.outbox import views

app_name = "outbox"

urlpatterns = [
    path("staff/messages-out/", views.messages_out, name="messages_out"),
    path("me/settings/", views.settings_page, name="settings"),
    path("messages/inbound/", views.inbound_text, name="inbound"),
    path("messages/receipts/", views.receipt, name="receipt"),
]
