"""Staff pages in the Wagtail admin: every view, chooser, bulk action and export is scoped to the user's institutions."""
