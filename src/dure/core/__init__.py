"""What every room may lean on: errors, facts, states, ids, clock, text. Knows no Django and no room."""
