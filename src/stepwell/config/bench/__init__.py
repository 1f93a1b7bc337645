"""What `./stepwell bench` measures: a module for each, whose `run(arguments)` prints it and answers 1 when too slow."""
