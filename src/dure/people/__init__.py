"""Persons, organisations, memberships, teams, invitations, tokens, consent, and what is known of them."""
