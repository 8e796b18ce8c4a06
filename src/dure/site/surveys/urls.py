"""Addresses of surveys."""

from django.urls import path

from dure.site.surveys import answering, asking, keeping, results

_ONE = "surveys/<uuid:survey_id>/"
urlpatterns = [
    path("surveys/", answering.index, name="surveys"),
    path("surveys/kept/", keeping.index, name="surveys-kept"),
    path("surveys/new/", keeping.new, name="survey-new"),
    path(_ONE, answering.show, name="survey"),
    path(f"{_ONE}desk/", keeping.show, name="survey-desk"),
    path(f"{_ONE}people/", asking.add, name="survey-people"),
    path(f"{_ONE}remind/", keeping.write_again, name="survey-remind"),
    path(f"{_ONE}settings/", keeping.settings, name="survey-settings"),
    path(f"{_ONE}questions/", keeping.questions, name="survey-questions"),
    path(f"{_ONE}questions/new/<slug:sort>/", keeping.question_new, name="survey-question-new"),
    path(f"{_ONE}questions/<slug:key>/", keeping.question, name="survey-question"),
    path(f"{_ONE}open/", keeping.open_, name="survey-open"),
    path(f"{_ONE}close/", keeping.close, name="survey-close"),
    path(f"{_ONE}copy/", keeping.copy, name="survey-copy"),
    path(f"{_ONE}results/", results.show, name="survey-results"),
    path(f"{_ONE}results.<slug:form>", results.sheet, name="survey-sheet"),
    path(f"{_ONE}replies.<slug:form>", results.replies, name="survey-replies"),
]
