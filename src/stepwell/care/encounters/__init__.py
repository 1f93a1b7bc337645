"""What happened: who came, for how many minutes, who did not and why; and the hours of each week."""
