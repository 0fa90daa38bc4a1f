"""What people contribute to consultations: statements, proposals, amendments, comments. One table, one moderation."""
