"""The pages of this room: `patient` on a phone, `staff` on the staff side."""
