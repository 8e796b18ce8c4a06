"""Which page of a round's field trials answers which address."""

from django.urls import path

from dure.site.fieldtrials import acts, pages, taking

_TRIAL = "rounds/<uuid:round_id>/field/<uuid:field_id>/"

urlpatterns = [
    path("rounds/<uuid:round_id>/field/", pages.index, name="field-trials"),
    path("rounds/<uuid:round_id>/field/new/", acts.new, name="field-new"),
    path(_TRIAL, pages.show, name="field-trial"),
    path(f"{_TRIAL}now/", pages.now, name="field-now"),
    path(f"{_TRIAL}requests.csv", taking.requests_file, name="field-requests"),
    path(f"{_TRIAL}comparison.json", taking.comparison_file, name="field-comparison"),
    path(f"{_TRIAL}judge/", acts.judge, name="field-judge"),
    path(f"{_TRIAL}counts/", acts.counts, name="field-counts"),
    *(path(f"{_TRIAL}{what}/", acts.act, {"what": what}, name=f"field-{what}")
      for what in ("start", "pause", "resume", "share", "unshare")),
    *(path(f"{_TRIAL}{what}/", acts.end, {"what": what}, name=f"field-{what}") for what in ("stop", "discard")),
]  # fmt: skip
