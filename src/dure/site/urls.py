"""Which page answers which address."""

from django.urls import path

from dure.site import awards, own_rounds, pages, recruiting, rounds, styleguide
from dure.site.account import urls as account
from dure.site.assessments import urls as assessments
from dure.site.assignments import urls as assignments
from dure.site.bans import urls as bans
from dure.site.calendar import urls as calendar
from dure.site.challenges import urls as challenges
from dure.site.credentials import urls as credentials
from dure.site.degrees import urls as degrees
from dure.site.desk import urls as desk
from dure.site.desk.checks import urls as desk_checks
from dure.site.desk.rounds import urls as desk_rounds
from dure.site.docs import urls as docs
from dure.site.fieldtrials import urls as fieldtrials
from dure.site.interviews import urls as interviews
from dure.site.learning import urls as learning
from dure.site.mine import urls as mine
from dure.site.operator import urls as operator
from dure.site.organisations import urls as organisations
from dure.site.paths import urls as paths
from dure.site.programmes import urls as programmes
from dure.site.rejudging import urls as rejudging
from dure.site.reviews import urls as reviews
from dure.site.search import views as search
from dure.site.skills import urls as skills
from dure.site.studio import urls as studio
from dure.site.surveys import urls as surveys
from dure.site.teams import urls as teams

urlpatterns = [
    path("", pages.home, name="home"),
    path("language/", pages.choose_language, name="language"),
    path("theme/", pages.choose_theme, name="theme"),
    path("search/", search.search, name="search"),
    path("search/as-you-type/", search.as_you_type, name="as-you-type"),
    path("people/<uuid:person_id>/", search.person, name="person"),
    *organisations.urlpatterns,
    path("styleguide/", styleguide.show, name="styleguide"),
    *studio.urlpatterns,
    *docs.urlpatterns,
    *programmes.urlpatterns,
    *learning.urlpatterns,
    *degrees.urlpatterns,
    *assignments.urlpatterns,
    *paths.urlpatterns,
    *assessments.urlpatterns,
    *interviews.urlpatterns,
    *surveys.urlpatterns,
    *calendar.urlpatterns,
    *mine.urlpatterns,
    *skills.urlpatterns,
    *account.urlpatterns,
    *teams.urlpatterns,
    *operator.urlpatterns,
    *reviews.urlpatterns,
    *recruiting.urlpatterns,
    *challenges.urlpatterns,
    path("rounds/", own_rounds.index, name="own-rounds"),
    *credentials.urlpatterns,
    path("awards/<uuid:given_id>/", awards.show, name="award"),
    path("awards/<uuid:given_id>/shown/", awards.choose_shown, name="award-shown"),
    path("tasks/<uuid:task_id>/starter/", rounds.starter, name="starter"),
    *desk_checks.urlpatterns,
    *desk_rounds.urlpatterns,
    *rejudging.urlpatterns,
    *bans.urlpatterns,
    *fieldtrials.urlpatterns,
    *desk.urlpatterns,
]  # fmt: skip
