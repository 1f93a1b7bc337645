"""What is known of a person's health. Standing: substance use disorders, with the criteria that carry each."""
