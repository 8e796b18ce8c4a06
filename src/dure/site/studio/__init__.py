"""The studio: where blueprints are written, looked at, rehearsed and made into programmes."""
