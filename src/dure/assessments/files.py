"""Files of this room: pictures in questions."""

from dure.store.shelves import Shelf

SHELF = Shelf("assessments")
MOST_PICTURE = 5 << 20
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
