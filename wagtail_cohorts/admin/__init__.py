"""Staff pages in Wagtail: the scoped base of every view, one folder or module for each subject, and the wiring."""
