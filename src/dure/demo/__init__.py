"""`dure demo`: NAVER AI RUSH 2020 run from its blueprint on real data, and a current edition opened beside it.

`data` reads what is predicted, `problems` makes tasks of it, `learners` are the honest models and the dishonest files,
`callers` speak to the HTTP API as the parties who would, `rush` tells the story, `today` opens the current edition,
`summary` reads what came of it and checks that it adds up.
"""
