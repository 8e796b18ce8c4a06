"""Where allauth looks for the kinds of provider an installed room brings."""

from dure.people.sso import OrganisationOpenID, OrganisationSaml

provider_classes = [OrganisationSaml, OrganisationOpenID]
