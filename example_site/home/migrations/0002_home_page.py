"""Puts the site's home page where Wagtail's own migrations left their welcome page."""

from __future__ import annotations

from typing import Any

from django.db import migrations

INTRODUCTION = (
    "<p>This site shows <b>wagtail-cohorts</b> at work: two training institutions, their programmes, agreements "
    "and sponsors, and cohorts of students in every state of their life. All people, companies and papers are "
    "made up.</p>"
)


def create_home_page(apps: Any, schema_editor: Any) -> None:
    """The welcome page goes, the home page takes its place in the tree and becomes the site's root."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="home", model="homepage"
    )
    apps.get_model("wagtailcore", "Page").objects.filter(depth=2, slug="home").delete()
    page = apps.get_model("home", "HomePage").objects.create(
        title="Cohorts example site",
        draft_title="Cohorts example site",
        introduction=INTRODUCTION,
        slug="home",
        path="00010001",
        depth=2,
        numchild=0,
        url_path="/home/",
        locale=apps.get_model("wagtailcore", "Locale").objects.first(),
        content_type=content_type,
    )
    apps.get_model("wagtailcore", "Site").objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 8000, "root_page_id": page.pk, "site_name": "Cohorts"},
    )


def remove_home_page(apps: Any, schema_editor: Any) -> None:
    """The site and its page go with it."""
    apps.get_model("home", "HomePage").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [migrations.RunPython(create_home_page, remove_home_page)]
