"""The command line: one module for each verb, each with one function `run(arguments)` that answers an exit code.

`arguments`, `environment` and `begin` are run by the system's Python before anything is installed, so they
use the standard library only.
"""
