"""Which page answers which address."""

from django.urls import path

from dure.site import organisations, pages, programmes, reviews, rounds, styleguide
from dure.site.account import urls as account
from dure.site.challenges import urls as challenges
from dure.site.desk import urls as desk
from dure.site.mine import urls as mine
from dure.site.search import views as search

urlpatterns = [
    path("", pages.home, name="home"),
    path("language/", pages.choose_language, name="language"),
    path("theme/", pages.choose_theme, name="theme"),
    path("search/", search.search, name="search"),
    path("search/as-you-type/", search.as_you_type, name="as-you-type"),
    path("people/<uuid:person_id>/", search.person, name="person"),
    path("organisations/<slug:short>/", organisations.show, name="organisation"),
    path("styleguide/", styleguide.show, name="styleguide"),
    path("programmes/", programmes.index, name="programmes"),
    path("programmes/<slug:slug>/", programmes.show, name="programme"),
    path("programmes/<slug:slug>/figures/", programmes.figures, name="figures"),
    path("programmes/<slug:slug>/<slug:stage>/apply/", programmes.apply, name="apply"),
    *mine.urlpatterns,
    *account.urlpatterns,
    path("me/reviews/", reviews.queue, name="reviews"),
    *challenges.urlpatterns,
    path("tasks/<uuid:task_id>/starter/", rounds.starter, name="starter"),
    path("reviews/<uuid:review_id>/", reviews.review, name="review"),
    path("reviews/<uuid:review_id>/conflict/", reviews.step_back, name="step-back"),
    path("decisions/<uuid:turn_id>/<int:step>/", reviews.decision, name="decision"),
    *desk.urlpatterns,
]  # fmt: skip
