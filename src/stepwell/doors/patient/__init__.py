"""The patient's door: my day, my week. Phone first, in English and Spanish."""
