"""Consultations: their phases, who runs them, and the report at their end. What people do in a phase is elsewhere."""
