"""Which page of a round at the desk answers which address."""

from django.urls import path

from dure.site.desk.rounds import attempts, embedding, environments, fresh, importing, picture, talk, trials, workers

_STAGE = "desk/<slug:slug>/stages/<slug:stage>/"

urlpatterns = [
    path("rounds/new/", fresh.start, name="round-new"),
    path("rounds/new/<uuid:draft_id>/", fresh.make, name="round-make"),
    path("rounds/import/", importing.index, name="round-import"),
    path("rounds/import/<uuid:bundle_id>/", importing.show, name="round-import-bundle"),
    path("rounds/import/<uuid:bundle_id>/now/", importing.now, name="round-import-now"),
    path("rounds/import/<uuid:bundle_id>/again/", importing.again, name="round-import-again"),
    path("rounds/import/<uuid:bundle_id>/make/", importing.make, name="round-import-make"),
    path(f"{_STAGE}round/", picture.show, name="desk-round"),
    path(f"{_STAGE}round/now/", picture.now, name="desk-round-now"),
    path(f"{_STAGE}trials/", trials.show, name="desk-trials"),
    path(f"{_STAGE}trials/now/", trials.now, name="desk-trials-now"),
    path(f"{_STAGE}trials/clear/", trials.clear, name="desk-trials-clear"),
    path(f"{_STAGE}trials/open/", trials.open_, name="desk-round-open"),
    path(f"{_STAGE}attempts/", attempts.show, name="desk-attempts"),
    path(f"{_STAGE}attempts/again/", attempts.again, name="desk-attempts-again"),
    path(f"{_STAGE}attempts.csv", attempts.table, name="desk-attempts-csv"),
    path(f"{_STAGE}files.zip", attempts.packed, name="desk-attempts-zip"),
    path(f"{_STAGE}people.csv", attempts.people, name="desk-entrants-csv"),
    path(f"{_STAGE}scores.csv", attempts.scores, name="desk-scores-csv"),
    path(f"{_STAGE}embedding/", embedding.settings_of, name="desk-embedding"),
    path("embed/tasks/<uuid:task_id>/", embedding.shown, name="embedded-board"),
    path("rounds/<uuid:round_id>/workers/", workers.show, name="round-workers"),
    path("rounds/<uuid:round_id>/workers/now/", workers.now, name="round-workers-now"),
    path("rounds/<uuid:round_id>/workers/tokens/", workers.issue, name="round-issue"),
    path("rounds/<uuid:round_id>/workers/tokens/<uuid:token_id>/revoke/", workers.revoke, name="round-revoke"),
    path("rounds/<uuid:round_id>/workers/hand-back/", workers.hand_back, name="round-hand-back"),
    path("rounds/<uuid:round_id>/environments/", environments.index, name="round-environments"),
    path("rounds/<uuid:round_id>/environments/<uuid:task_id>/", environments.change, name="round-environment"),
    path("rounds/<uuid:round_id>/talk/", talk.index, name="talk"),
    *(path(f"rounds/<uuid:round_id>/talk/{name}/", talk.new, {"kind": kind}, name=f"talk-{name}")
      for name, kind in (("ask", "question"), ("announce", "announcement"))),
    path("threads/<uuid:thread_id>/", talk.show, name="thread"),
    path("threads/<uuid:thread_id>/follow/", talk.follow, name="thread-follow"),
    path("threads/<uuid:thread_id>/hide/", talk.hide, name="thread-hide"),
    *(path(f"threads/<uuid:thread_id>/{what}/", talk.moderate, {"what": what}, name=f"thread-{what}")
      for what in ("pin", "unpin", "lock", "unlock", "show")),
]  # fmt: skip
