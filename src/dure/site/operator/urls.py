"""Addresses of the operator's pages."""

from django.urls import path

from dure.site.operator import (
    checks,
    configuration,
    environments,
    health,
    jobs,
    letters,
    log,
    organisations,
    persons,
    taxonomies,
)

urlpatterns = [
    path("operator/", health.show, name="operator"),
    path("operator/now/", health.now, name="operator-now"),
    path("operator/jobs/", jobs.index, name="operator-jobs"),
    path("operator/jobs/again/", jobs.all_again, name="operator-jobs-again"),
    path("operator/jobs/<uuid:job_id>/", jobs.show, name="operator-job"),
    path("operator/jobs/<uuid:job_id>/again/", jobs.again, name="operator-job-again"),
    path("operator/jobs/<uuid:job_id>/give-up/", jobs.give_up, name="operator-give-up"),
    path("operator/mail/", letters.index, name="operator-mail"),
    path("operator/mail/<uuid:message_id>/", letters.show, name="operator-letter"),
    path("operator/mail/<uuid:message_id>/again/", letters.again, name="operator-letter-again"),
    path("operator/people/", persons.index, name="operator-people"),
    path("operator/people/<uuid:person_id>/", persons.show, name="operator-person"),
    path("operator/people/<uuid:person_id>/<slug:what>/", persons.act, name="operator-person-act"),
    path("operator/organisations/", organisations.index, name="operator-organisations"),
    path("operator/organisations/new/", organisations.new, name="operator-new-organisation"),
    path("operator/organisations/of/<slug:short>/", organisations.show, name="operator-organisation"),
    path("operator/organisations/of/<slug:short>/names/", organisations.edit, name="operator-edit-organisation"),
    path("operator/audit/", log.index, name="operator-log"),
    path("operator/audit/file.csv", log.export, name="operator-log-file"),
    path("operator/audit/<uuid:row_id>/", log.show, name="operator-act"),
    path("operator/checks/", checks.index, name="operator-checks"),
    path("operator/checks/<slug:name>/", checks.part, name="operator-check"),
    path("operator/checks/<slug:name>/ask/", checks.ask, name="operator-ask"),
    path("operator/taxonomies/", taxonomies.show, name="operator-taxonomies"),
    path("operator/environments/", environments.index, name="operator-environments"),
    path("operator/environments/images/", environments.rule, name="operator-image"),
    path("operator/environments/<uuid:environment_id>/build/", environments.build, name="operator-build"),
    path("operator/settings/", configuration.show, name="operator-settings"),
]
