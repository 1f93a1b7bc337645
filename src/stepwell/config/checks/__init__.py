"""What `./stepwell check` looks at. Each check yields a sentence for each thing that is wrong."""
