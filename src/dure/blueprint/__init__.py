"""The language: a programme as data. Pure; knows no Django, no room, no clock but what it is given.

Vocabulary (BLUEPRINT.md, appendix): a *case* travels through *stages*; its passage through one stage is a
*turn*; a *gate* is an ordered list of *steps*; *gives* follow from the verdict.

`yaml` reads text with places, `read` makes models, `lint` refuses, `facts` says where a fact comes from,
`gates` judges columns, `expressions` counts, `rehearsal` runs a made-up cohort. `lint` imports no column library.
"""
