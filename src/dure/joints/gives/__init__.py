"""The joints of the six kinds of give."""
