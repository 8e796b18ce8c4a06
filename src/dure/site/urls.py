"""Which page answers which address."""

from django.urls import path

from dure.site import organisations, pages, programmes, reviews, rounds, styleguide
from dure.site.account import urls as account
from dure.site.challenges import urls as challenges
from dure.site.desk import gives as desk_gives
from dure.site.desk import overview as desk
from dure.site.desk import people as desk_people
from dure.site.desk import sheets as desk_sheets
from dure.site.desk import stage as desk_stage
from dure.site.desk import tasks as desk_tasks
from dure.site.desk import turn as desk_turn
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
    path("desk/", desk.index, name="desks"),
    path("desk/<slug:slug>/", desk.show, name="desk"),
    path("desk/<slug:slug>/people/", desk_people.show, name="desk-people"),
    path("desk/<slug:slug>/people/seat/", desk_people.take_seat, name="seat"),
    path("desk/<slug:slug>/people/invite/", desk_people.invite, name="invite"),
    path("desk/<slug:slug>/gives/", desk_gives.show, name="desk-gives"),
    *(path(f"desk/<slug:slug>/{step}/", desk.life, {"step": step}, name=f"desk-{step}") for step in desk.LIVES),
    path("desk/<slug:slug>/stages/<slug:stage>/", desk_stage.show, name="desk-stage"),
    path("desk/<slug:slug>/stages/<slug:stage>/tasks/", desk_tasks.show, name="desk-tasks"),
    path("desk/<slug:slug>/stages/<slug:stage>/sheets/", desk_sheets.show, name="desk-sheets"),
    path("desk/<slug:slug>/stages/<slug:stage>/sheets/<slug:what>.<str:format_>", desk_sheets.take_out,
         name="sheet"),
    path("desk/<slug:slug>/stages/<slug:stage>/close/", desk_stage.close, name="close-stage"),
    path("desk/<slug:slug>/stages/<slug:stage>/settle/", desk_stage.settlement, name="settle"),
    path("desk/<slug:slug>/stages/<slug:stage>/panel/<int:step>/", desk_stage.seat_panel, name="seat-panel"),
    path("seats/<uuid:seat_id>/end/", desk_people.leave_seat, name="end-seat"),
    path("offers/<uuid:offer_id>/take-back/", desk_people.take_back, name="take-back"),
    path("settlements/<uuid:settlement_id>/undo/", desk_stage.end_settlement, {"how": "undo"}, name="undo"),
    path("settlements/<uuid:settlement_id>/release/", desk_stage.end_settlement, {"how": "release"}, name="release"),
    path("gives/<uuid:give_id>/confirm/", desk_gives.act, {"what": "confirm"}, name="confirm-give"),
    path("gives/<uuid:give_id>/revoke/", desk_gives.act, {"what": "revoke"}, name="revoke-give"),
    path("provided/<uuid:provided_id>/confirm/", desk_gives.confirm_provision, name="confirm-provided"),
    path("desk/turns/<uuid:turn_id>/", desk_turn.show, name="desk-turn"),
    *(path(f"desk/turns/<uuid:turn_id>/{what}/", desk_turn.act, {"what": what}, name=f"desk-{what}")
      for what in desk_turn.ACTS),
]  # fmt: skip
