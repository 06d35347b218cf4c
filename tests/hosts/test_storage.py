"""A host whose files are not on a disk."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests import factories as make
from wagtail_cohorts.files.serving import serve
from wagtail_cohorts.files.storage import ALIAS, storage, store


@pytest.mark.django_db
@pytest.mark.skipif(ALIAS not in settings.STORAGES, reason="this host keeps private files in a folder")
def test_a_file_lies_in_the_sites_own_storage_and_leaves_it_through_our_views_only() -> None:
    data = make.small_pdf()
    stored = store(data, institution_id=make.institution().pk, content_type="application/pdf")
    with pytest.raises(NotImplementedError):
        storage().path(stored.path)
    assert storage().exists(stored.path) and storage().size(stored.path) == len(data)
    response = serve(stored, name="agreement.pdf")
    assert b"".join(response) == data and "no-store" in response["Cache-Control"]
