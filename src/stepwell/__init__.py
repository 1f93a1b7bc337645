"""Stepwell runs an addiction-treatment intensive outpatient program."""
