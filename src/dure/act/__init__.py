"""`dure act`: a blueprint played live, every step through the HTTP API as the party who would take it.

`scratch` makes a database that nobody needs, `client` speaks HTTP, `doors` are the requests it makes, `cast` finds the
people and seats them, `player` takes the steps. The people are drawn as in the rehearsal; what becomes of them is the
engine's word alone.
"""
