"""Addresses of skills, job roles and plans."""

from django.urls import path

from dure.site.skills import catalogue, groups, mine, plans

PLANS = "organisations/<slug:short>/skills/"
PLAN = f"{PLANS}<uuid:plan_id>/"

urlpatterns = [
    path("skills/", catalogue.skills, name="skills"),
    path("skills/<uuid:skill_id>/", catalogue.skill, name="skill"),
    path("skills/<uuid:skill_id>/say/", catalogue.say, name="claim-skill"),
    path("roles/", catalogue.roles, name="job-roles"),
    path("roles/<uuid:role_id>/", catalogue.role, name="job-role"),
    path("roles/<uuid:role_id>/gap.csv", catalogue.gap_file, name="gap-file"),
    path("roles/<uuid:role_id>/choose/", catalogue.choose, name="choose-role"),
    path("me/skills/", mine.show, name="my-skills"),
    path("me/skills.csv", mine.levels_file, name="my-skills-file"),
    path("me/skills/share/", mine.share, name="share-skills"),
    path("me/teams/<uuid:team_id>/skills/", groups.team, name="team-skills"),
    path("me/teams/<uuid:team_id>/skills.csv", groups.team_file, name="team-skills-file"),
    path(PLANS, plans.index, name="skills-plans"),
    path(f"{PLANS}new/", plans.new, name="new-skills-plan"),
    path(PLAN, plans.show, name="skills-plan"),
    path(f"{PLAN}edit/", plans.edit, name="edit-skills-plan"),
    path(f"{PLAN}plan.csv", plans.plan_file, name="skills-plan-file"),
    path(f"{PLAN}end/", plans.end, name="end-skills-plan"),
]
