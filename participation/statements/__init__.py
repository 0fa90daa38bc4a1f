"""Statements with which people agree or disagree, and the opinion map that follows."""
