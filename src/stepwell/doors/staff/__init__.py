"""The staff door: Today, the caseload, the chart. Pages made of several rooms."""
