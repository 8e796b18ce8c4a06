# noqa: A005 -- named after the room; nothing here is imported as a top-level module
