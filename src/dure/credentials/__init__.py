"""Credentials: badges, certificates, degrees, titles and licences that anybody can verify, here and elsewhere."""
