"""Tests of the pages."""  # noqa: A005 -- it mirrors src/dure/site
