"""The trees behind the log: the published vectors, and every leaf provable in every tree."""

from hypothesis import given
from hypothesis import strategies as st

from dure.audit import merkle

# Inputs and roots of the reference implementation of RFC 6962, whose trees RFC 9162 keeps.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=40).map(lambda all_: [merkle.leaf_hash(c) for c in all_])


def test_roots_are_those_of_the_published_vectors():
    hashes = [merkle.leaf_hash(bytes.fromhex(content)) for content in INPUTS]

    assert {n: merkle.root(hashes[:n]).hex() for n in ROOTS} == ROOTS


@given(leaves)
def test_every_leaf_is_proven(hashes):
    root = merkle.root(hashes)

    for place, leaf in enumerate(hashes):
        beside = merkle.proof(hashes, place)
        assert merkle.proves(beside, leaf=leaf, place=place, of=len(hashes), root=root)


@given(leaves, st.data())
def test_another_leaf_place_or_path_proves_nothing(hashes, data):
    root, of = merkle.root(hashes), len(hashes)
    place = data.draw(st.integers(0, of - 1))
    leaf, beside = hashes[place], merkle.proof(hashes, place)
    stranger = merkle.leaf_hash(b"not one of them, it is too long")

    assert not merkle.proves(beside, leaf=stranger, place=place, of=of, root=root)
    assert not merkle.proves([*beside, stranger], leaf=leaf, place=place, of=of, root=root)
    assert not merkle.proves(beside[:-1], leaf=leaf, place=place, of=of, root=root) or not beside
    assert not merkle.proves(beside, leaf=leaf, place=of, of=of, root=root)
    assert not merkle.proves(beside, leaf=leaf, place=-1, of=of, root=root)
