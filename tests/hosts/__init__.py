"""Sites that differ from that of tests/settings.py: a settings module each, named by DJANGO_SETTINGS_MODULE."""
