"""The studio's addresses."""

from django.urls import path

from dure.site.studio import completing, editor, making, rehearsing, shelf, upgrading, versions

urlpatterns = [
    path("studio/", shelf.show, name="studio"),
    path("studio/new/", shelf.begin_draft, name="new-draft"),
    path("studio/complete/", editor.completion, name="complete"),
    path("studio/library/<slug:name>/", shelf.library_blueprint, name="library-blueprint"),
    path("studio/<uuid:draft_id>/", editor.show, name="draft"),
    path("studio/<uuid:draft_id>/text/", editor.text, name="draft-text"),
    path("studio/<uuid:draft_id>/edit/", editor.edit, name="draft-edit"),
    path("studio/<uuid:draft_id>/undo/", editor.step, {"way": "undo"}, name="draft-undo"),
    path("studio/<uuid:draft_id>/redo/", editor.step, {"way": "redo"}, name="draft-redo"),
    path("studio/<uuid:draft_id>/file/", editor.file, name="draft-file"),
    path("studio/<uuid:draft_id>/discard/", versions.throw_away, name="discard-draft"),
    path("studio/<uuid:draft_id>/versions/", versions.show, name="versions"),
    path("studio/<uuid:draft_id>/versions/compare/", versions.compare, name="compare-versions"),
    path("studio/<uuid:draft_id>/versions/<int:number>/name/", versions.name, name="name-version"),
    path("studio/<uuid:draft_id>/versions/<int:number>/restore/", versions.go_back, name="restore-version"),
    path("studio/<uuid:draft_id>/rehearse/", rehearsing.show, name="rehearsals"),
    path("studio/<uuid:draft_id>/programmes/", upgrading.show, name="upgrade"),
    path("studio/<uuid:draft_id>/programmes/<slug:slug>/", upgrading.upgrade, name="upgrade-programme"),
    path("studio/rehearsals/<uuid:rehearsal_id>/", rehearsing.result, name="rehearsal"),
    path("studio/rehearsals/<uuid:rehearsal_id>.json", rehearsing.as_json, name="rehearsal-json"),
    path("studio/rehearsals/<uuid:rehearsal_id>/beside/<uuid:other_id>/", rehearsing.compare,
         name="compare-rehearsals"),
    path("make/", making.choose, name="make"),
    path("make/library/<slug:name>/", making.make_from_library, name="make-from-library"),
    path("make/draft/<uuid:draft_id>/", making.make_from_draft, name="make-from-draft"),
    path("make/again/<slug:slug>/", making.make_again, name="make-again"),
    path("desk/<slug:slug>/parties/", completing.show, name="desk-parties"),
]  # fmt: skip
