"""The joints of the seven kinds of stage."""
