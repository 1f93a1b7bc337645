"""Organizations, their centers, rooms and closed days; and the wall between organizations.

``acting_in(organization)`` opens the door to one organization's rows. Outside it the database shows none.
"""
