"""A discussion: comments and replies, paged and sorted."""
