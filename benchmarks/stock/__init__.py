"""A snippet as any Wagtail site has one: no code of ours."""
