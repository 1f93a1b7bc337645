"""What is decided about a plan: its way from draft to signed, what a draft lacks, when it is reviewed."""
