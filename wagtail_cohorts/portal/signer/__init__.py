"""What a student's and a guardian's pages share: reading, filling in and signing one student's agreements."""
