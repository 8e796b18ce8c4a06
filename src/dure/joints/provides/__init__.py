"""The joints of what is put at a turn's disposal."""
