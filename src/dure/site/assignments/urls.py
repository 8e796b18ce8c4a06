"""Which page of assignments answers which address."""

from django.urls import path

from dure.site.assignments import grading, mine, room, teaching

urlpatterns = [
    path("learn/assignments/", mine.index, name="assignments"),
    path("learn/assignments/<uuid:assignment_id>/", mine.show, name="assignment"),
    path("learn/assignments/<uuid:assignment_id>/draft/", mine.draft, name="assignment-draft"),
    path("learn/assignments/<uuid:assignment_id>/send/", mine.send, name="assignment-send"),
    path("learn/assignments/<uuid:assignment_id>/regrade/", mine.ask, name="assignment-regrade"),
    path("learn/assignments/<uuid:assignment_id>/marking/", grading.index, name="assignment-marking"),
    path("learn/assignments/<uuid:assignment_id>/works/", room.works, name="assignment-works"),
    path("learn/assignments/<uuid:assignment_id>/release/", room.release, name="assignment-release"),
    path("learn/assignments/<uuid:assignment_id>/marks.<str:format_>", room.sheet, name="assignment-sheet"),
    path("learn/assignments/<uuid:assignment_id>/import/", room.bring_in, name="assignment-import"),
    path("learn/assignments/<uuid:assignment_id>/people/", teaching.people, name="assignment-people"),
    path("learn/assignments/<uuid:assignment_id>/settings/", teaching.settings, name="assignment-settings"),
    path("learn/hand-ins/<uuid:hand_in_id>/", mine.receipt, name="hand-in"),
    path("learn/works/<uuid:work_id>/", room.work, name="work"),
    path("learn/works/files/<uuid:file_id>/", mine.file, name="work-file"),
    path("learn/notes/<uuid:note_id>/answer/", mine.answer, name="note-answer"),
    path("learn/markings/<uuid:marking_id>/", grading.mark, name="marking"),
    path("learn/markings/<uuid:marking_id>/keep/", grading.keep, name="marking-keep"),
    path("learn/markings/<uuid:marking_id>/back/", grading.back, name="marking-back"),
    path("learn/markings/<uuid:marking_id>/notes/", grading.note, name="marking-note"),
    path("learn/cohorts/<uuid:cohort_id>/assignments/", teaching.index, name="cohort-assignments"),
    path("learn/cohorts/<uuid:cohort_id>/assignments/new/", teaching.new, name="assignment-new"),
]
