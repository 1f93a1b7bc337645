from django.urls import path

from stepwell.trust.setup.views import centers, directory, phone_lines, staff, switching

app_name = "setup"

urlpatterns = [
    path("staff/organization/", switching.organization, name="organization"),
    path("staff/setup/", centers.front, name="front"),
    path("staff/setup/centers/new/", centers.new_center, name="new_center"),
    path("staff/setup/centers/<uuid:center_id>/", centers.center, name="center"),
    path("staff/setup/centers/<uuid:center_id>/closing/", centers.closing, name="closing"),
    path("staff/setup/centers/<uuid:center_id>/hours/", centers.hours, name="hours"),
    path("staff/setup/centers/<uuid:center_id>/closed-days/", centers.closed_days, name="closed_days"),
    path(
        "staff/setup/centers/<uuid:center_id>/closed-days/holidays/<int:year>/",
        centers.holidays,
        name="holidays",
    ),
    path(
        "staff/setup/closed-days/<uuid:closure_id>/removal/", centers.closure_removal, name="closure_removal"
    ),
    path("staff/setup/centers/<uuid:center_id>/rooms/", centers.rooms, name="rooms"),
    path("staff/setup/rooms/<uuid:room_id>/", centers.room, name="room"),
    path("staff/setup/rooms/<uuid:room_id>/retirement/", centers.room_retirement, name="room_retirement"),
    path("staff/setup/centers/<uuid:center_id>/directory/", directory.entry, name="directory"),
    path(
        "staff/setup/centers/<uuid:center_id>/directory/withdrawal/", directory.withdrawal, name="withdrawal"
    ),
    path("staff/setup/centers/<uuid:center_id>/phone-lines/", phone_lines.phone_lines, name="phone_lines"),
    path(
        "staff/setup/centers/<uuid:center_id>/phone-lines/<slug:line>/",
        phone_lines.phone_line,
        name="phone_line",
    ),
    path(
        "staff/setup/centers/<uuid:center_id>/phone-lines/<slug:line>/removal/",
        phone_lines.line_removal,
        name="line_removal",
    ),
    path("staff/setup/staff/", staff.staff, name="staff"),
    path("staff/setup/staff/invitation/", staff.invitation, name="invitation"),
    path("staff/setup/staff/<uuid:staff_id>/", staff.member, name="member"),
    path("staff/setup/staff/<uuid:staff_id>/invitation/", staff.invitation_again, name="invitation_again"),
    path("staff/setup/staff/<uuid:staff_id>/invitation/link/", staff.invitation_link, name="invitation_link"),
    path("staff/setup/staff/<uuid:staff_id>/roles/", staff.roles, name="roles"),
    path("staff/setup/staff/<uuid:staff_id>/second-step/", staff.second_step, name="second_step"),
    path("staff/setup/staff/<uuid:staff_id>/licenses/", staff.new_license, name="new_license"),
    path("staff/setup/licenses/<uuid:license_id>/", staff.license, name="license"),
    path("staff/setup/licenses/<uuid:license_id>/removal/", staff.license_removal, name="license_removal"),
]
