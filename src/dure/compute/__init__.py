"""Where other people's code runs: runners and the sandbox."""
