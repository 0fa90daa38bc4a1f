"""People who take part in consultations: known by a confirmed mail address or a sign-in elsewhere."""
