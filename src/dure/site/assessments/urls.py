"""Which page of tests answers which address."""

from django.urls import path

from dure.site.assessments import banks, exams, holding

urlpatterns = [
    path("exams/", exams.index, name="exams"),
    path("exams/<uuid:exam_id>/", exams.show, name="exam"),
    path("exams/attempts/<uuid:attempt_id>/", exams.attempt, name="attempt"),
    path("exams/attempts/<uuid:attempt_id>/answers/<int:place>/", exams.answer, name="attempt-answer"),
    path("exams/attempts/<uuid:attempt_id>/time/", exams.time_left, name="attempt-time"),
    path("exams/attempts/<uuid:attempt_id>/send/", exams.send, name="attempt-send"),
    path("exams/attempts/<uuid:attempt_id>/result/", exams.result, name="exam-result"),
    path("exams/<uuid:exam_id>/room/", holding.room, name="exam-room"),
    path("exams/<uuid:exam_id>/settings/", holding.settings, name="exam-settings"),
    path("exams/<uuid:exam_id>/state/", holding.change_state, name="exam-state"),
    path("exams/<uuid:exam_id>/admit/", holding.admit, name="exam-admit"),
    path("exams/<uuid:exam_id>/release/", holding.release, name="exam-release"),
    path("exams/<uuid:exam_id>/results.<str:format_>", holding.sheet, name="exam-sheet"),
    path("exams/<uuid:exam_id>/analysis/", holding.analysis, name="exam-analysis"),
    path("exams/<uuid:exam_id>/analysis.<str:format_>", holding.analysis_sheet, name="exam-analysis-sheet"),
    path("exams/<uuid:exam_id>/appeals/", holding.appeals, name="exam-appeals"),
    path("exams/candidates/<uuid:candidate_id>/", holding.candidate, name="exam-candidate"),
    path("exams/remarkings/<uuid:remarking_id>/", holding.remark, name="exam-remarking"),
    path("banks/", banks.index, name="banks"),
    path("banks/questions/<uuid:question_id>/", banks.edit_question, name="question"),
    path("banks/questions/<uuid:question_id>/retire/", banks.retire, name="question-retire"),
    path("banks/<uuid:bank_id>/", banks.show, name="bank"),
    path("banks/<uuid:bank_id>/questions/new/<str:kind>/", banks.new_question, name="question-new"),
    path("banks/<uuid:bank_id>/import/", banks.bring_in, name="bank-import"),
    path("banks/<uuid:bank_id>/questions.<str:format_>", banks.sheet, name="bank-sheet"),
    path("banks/<uuid:bank_id>/settings/", banks.settings, name="bank-settings"),
    path("banks/<uuid:bank_id>/files/<path:name>", exams.picture, name="bank-picture"),
    path("banks/<uuid:bank_id>/papers/", banks.all_papers, name="papers"),
    path("banks/<uuid:bank_id>/papers/new/", banks.paper, name="paper-new"),
    path("banks/<uuid:bank_id>/papers/<uuid:paper_id>/", banks.paper, name="paper"),
    path("banks/<uuid:bank_id>/exams/", holding.index, name="bank-exams"),
    path("banks/<uuid:bank_id>/exams/new/", holding.new, name="exam-new"),
]
