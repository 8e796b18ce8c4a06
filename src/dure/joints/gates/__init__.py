"""The joints of the three gate steps that ask people: panel, decide, external."""
