"""The written reference names every operation of the API, and no other."""

import re

from dure.api.v1 import api


def test_reference_and_document_name_the_same_operations(library):
    written = (library / "docs" / "reference" / "api.md").read_text()
    listed = re.findall(r"^\| `([A-Z]+) (/[^`]*)` \| (.*) \|$", written, re.MULTILINE)

    document = api.get_openapi_schema(path_prefix="")
    known = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}

    assert {(method, path) for method, path, _ in listed} == known
    assert [path for _, path, text in listed if not text.strip()] == []
