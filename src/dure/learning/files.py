"""Files of this room: catalogues that were sent, attachments of courses."""

from dure.store.shelves import Shelf

SHELF = Shelf("learning")
MOST_CATALOGUE = 50 << 20
MOST_ATTACHMENT = 500 << 20
