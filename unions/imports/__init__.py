"""Excel in: resources that the apps register, the job that checks and writes, the pages."""

from unions.imports.resources import Change, Plan, Resource, register_import, resource_of, resources

__all__ = ["Change", "Plan", "Resource", "register_import", "resource_of", "resources"]
