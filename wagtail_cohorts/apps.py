"""The Django app: one label, one migration history."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WagtailCohortsConfig(AppConfig):
    name = "wagtail_cohorts"
    label = "wagtail_cohorts"
    verbose_name = _("Cohorts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_cohorts import checks, database_checks, wiring
        from wagtail_cohorts.flags import create_flags
        from wagtail_cohorts.watching import masks

        checks.register()
        database_checks.register()
        masks.connect()
        wiring.connect()
        post_migrate.connect(create_flags, sender=self, dispatch_uid="wagtail_cohorts_flags")
