"""Where the files of programmes' pages lie."""

from dure.store.shelves import Shelf

SHELF = Shelf("programmes")
MOST_FILE = 32 << 20
