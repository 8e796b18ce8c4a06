"""Dure: programmes that grow AI talent, run from blueprints."""
