"""What the tables say, in plain SQL: read past the product's own querysets, and compiled by nobody."""

from __future__ import annotations

from typing import Any

from django.db import connection

Row = tuple[Any, ...]

COHORT = "SELECT state FROM wagtail_cohorts_cohort WHERE id = %s"
STUDENTS = """
    SELECT id, state, verification, email, waits_for_guardian,
        invited_at IS NOT NULL, details_confirmed_at IS NOT NULL
    FROM wagtail_cohorts_enrollment WHERE cohort_id = %s ORDER BY id"""
AGREEMENTS = """
    SELECT a.id, a.enrollment_id, v.template_id, v.number, a.state, a.revision,
        a.current_id IS NOT NULL, a.sealed_id IS NOT NULL
    FROM wagtail_cohorts_agreement a JOIN wagtail_cohorts_templateversion v ON v.id = a.version_id
    WHERE a.cohort_id = %s"""
ACTS = """
    SELECT x.agreement_id, x.role_key, x.signer_key
    FROM wagtail_cohorts_act x JOIN wagtail_cohorts_agreement a ON a.id = x.agreement_id
    WHERE a.cohort_id = %s AND x.revision = a.revision ORDER BY x.id"""
UPLOADS = """
    SELECT u.id, u.state FROM wagtail_cohorts_upload u
    JOIN wagtail_cohorts_enrollment e ON e.id = u.enrollment_id WHERE e.cohort_id = %s"""
INVITATIONS = """
    SELECT contact_id, opened_at IS NOT NULL, resent FROM wagtail_cohorts_sponsorinvitation WHERE cohort_id = %s"""
JOBS = """
    SELECT b.id, b.state, i.key, i.state FROM wagtail_cohorts_batchitem i
    JOIN wagtail_cohorts_batch b ON b.id = i.batch_id WHERE b.id >= %s"""
EVENTS = """
    SELECT e.id, s.key, e.seq, e.name, e.payload, e.previous_hash, e.hash, d.salt, d.data
    FROM wagtail_cohorts_event e JOIN wagtail_cohorts_stream s ON s.id = e.stream_id
    LEFT JOIN wagtail_cohorts_eventdetail d ON d.event_id = e.id WHERE e.id > %s ORDER BY e.id"""
STREAMS = "SELECT key, head_seq, head_hash FROM wagtail_cohorts_stream"
DELIVERIES = "SELECT event_id, consumer FROM wagtail_cohorts_delivery WHERE event_id > %s"
LINKS = "SELECT subject_key, generation, revoked_at IS NOT NULL FROM wagtail_cohorts_personallink"


def read(sql: str, *parameters: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(".key", f".{KEY}").replace(" key,", f" {KEY},"), parameters)
        return list(cursor.fetchall())


KEY = connection.ops.quote_name("key")
"""A word of MySQL's own."""
